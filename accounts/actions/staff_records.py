"""The verbs that keep records of staff: training, skills, qualification (3.2, 4.3, 5.11)."""

import datetime
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.models import Position, QualificationRecord, Skill, SkillRecord, Training, User
from accounts.models.staff_records import QUALIFICATION_FIELDS, TRAINING_FIELDS
from eios.lib.data_files import read_toml
from eios.lib.dates import today

SKILLS_FILE = Path(__file__).parent.parent / "data" / "skills.toml"
SCAN = "training_scan"

# Training


@transaction.atomic
def add_training(person: User, *, by: Actor, scan=None, **fields) -> Training:
    """A course or seminar of the person. Recorded about another it counts at once, about oneself it waits.

    Effects: the scan stored, on the quota of an employee who gives it oneself; an audit entry. Raises ValidationError,
    and FileRefused where the scan can't be kept.
    """
    # The same form sent twice at once: the second waits here, and is told that the record stands already.
    User.objects.select_for_update().get(pk=person.pk)
    row = Training(person=person, recorded_by=by.person)
    if by.person != person:
        row.confirmed_by, row.confirmed_at = by.person, timezone.now()
    _fill(row, scan, fields, by)
    changes = audit.difference({}, audit.snapshot(row, ("person", *TRAINING_FIELDS, "scan", "confirmed_by")))
    audit.record(by, "training.added", row, {name: pair for name, pair in changes.items() if pair[1] != ""})
    return row


@transaction.atomic
def change_training(training: Training, *, by: Actor, scan=None, **fields) -> Training:
    """Corrects a record; what was returned to its owner waits again. Raises ValidationError and FileRefused."""
    row = Training.objects.select_for_update().get(pk=training.pk)
    _refuse_own_confirmed(row, by)
    audited = (*TRAINING_FIELDS, "scan", "return_reason")
    before = audit.snapshot(row, audited)
    row.return_reason = ""
    _fill(row, scan, fields, by)
    changes = audit.difference(before, audit.snapshot(row, audited))
    if changes:
        audit.record(by, "training.changed", row, changes)
    return row


@transaction.atomic
def confirm_training(training: Training, *, mark: str, by: Actor) -> Training:
    """The management has seen the document. `mark` names the words that were read.

    A second press does nothing. Raises ValidationError: one's own, returned, or changed since it was read.
    """
    row = _read_by_another(training, mark, by)
    if row.state == Training.State.CONFIRMED:
        return row
    if row.state == Training.State.RETURNED:
        raise ValidationError("Запись возвращена работнику: подтвердить можно, когда он пришлёт её снова.")
    row.confirmed_by, row.confirmed_at = by.person, timezone.now()
    row.save()
    audit.record(by, "training.confirmed", row, {"confirmed_by": [None, by.person.pk]})
    return row


@transaction.atomic
def return_training(training: Training, *, reason: str, mark: str, by: Actor) -> Training:
    """Back to its owner with the reason, to be corrected. Raises ValidationError, as confirming does."""
    row = _read_by_another(training, mark, by)
    if row.state == Training.State.CONFIRMED:
        raise ValidationError("Запись уже подтверждена.")
    row.return_reason = reason
    row.full_clean()
    row.save()
    audit.record(by, "training.returned", row, basis=reason)
    return row


@transaction.atomic
def delete_training(training: Training, *, by: Actor) -> None:
    """Takes away a record made by mistake, with its ties to elements. Raises ValidationError: one's own, confirmed."""
    row = Training.objects.select_for_update().get(pk=training.pk)
    _refuse_own_confirmed(row, by)
    changes = {name: [value, None] for name, value in audit.snapshot(row, ("person", *TRAINING_FIELDS)).items()}
    audit.record(by, "training.deleted", row, changes)
    row.delete()


def _fill(row: Training, scan, fields: dict, by: Actor) -> None:
    """Raises TypeError for what is not a field of the form, ValidationError and FileRefused."""
    if unknown := fields.keys() - set(TRAINING_FIELDS):
        raise TypeError(f"not a field of a training: {min(unknown)}")
    for name, value in fields.items():
        setattr(row, name, " ".join(value.split()) if isinstance(value, str) else value)
    if row.document_date and row.document_date > today():
        raise ValidationError({"document_date": "Эта дата ещё не наступила."})
    row.full_clean(exclude=["scan", "search"])
    owner = row.person if by.person == row.person else None
    row.scan = files.settle(row.scan, scan, kind=SCAN, by=by, owner=owner)
    row.save()


def _read_by_another(training: Training, mark: str, by: Actor) -> Training:
    row = Training.objects.select_for_update().get(pk=training.pk)
    if row.person_id == by.person.pk:
        raise ValidationError("Своё обучение подтверждает другой: директор, заместитель или системный администратор.")
    if row.mark != mark and row.state != Training.State.CONFIRMED:
        raise ValidationError("Пока вы читали, запись изменилась: прочитайте её ещё раз.")
    return row


def _refuse_own_confirmed(row: Training, by: Actor) -> None:
    if row.person_id == by.person.pk and row.state == Training.State.CONFIRMED:
        raise ValidationError("Запись уже подтверждена: изменить её могут директор, заместитель или администратор.")


# Skills


@transaction.atomic
def confirm_skills(
    people: Iterable[User], skills: Iterable[Skill], *, confirmed_on: datetime.date, how: str, by: Actor
) -> int:
    """These people have these skills, as somebody has made sure; who has one already is passed over.

    Returns how many records were added. Raises ValidationError: a day to come, or a skill of one's own.
    """
    people, skills = list(people), list(skills)
    if by.person in people:
        raise ValidationError("Собственные навыки подтверждает другой.")
    if confirmed_on > today():
        raise ValidationError("Этот день ещё не наступил.")
    # Two presses at once come here one after another.
    list(Skill.objects.select_for_update().filter(pk__in=[skill.pk for skill in skills]).order_by("pk"))
    known = set(SkillRecord.objects.filter(person__in=people, skill__in=skills).values_list("person", "skill"))
    rows = [
        SkillRecord(person=person, skill=skill, confirmed_on=confirmed_on, how=how, confirmed_by=by.person)
        for person in people
        for skill in skills
        if (person.pk, skill.pk) not in known
    ]
    SkillRecord.objects.bulk_create(rows, batch_size=1000)
    fields = ("person", "skill", "confirmed_on", "how")
    entries = [
        audit.entry(by, "skill_record.added", row, audit.difference({}, audit.snapshot(row, fields))) for row in rows
    ]
    audit.record_many(entries)
    return len(rows)


@transaction.atomic
def remove_skill_record(record: SkillRecord, *, by: Actor) -> None:
    """Takes away a record made by mistake. Raises ValidationError for one's own."""
    if record.person_id == by.person.pk:
        raise ValidationError("Собственные навыки вносит и убирает другой.")
    changes = {name: [value, None] for name, value in audit.snapshot(record, ("person", "skill")).items()}
    audit.record(by, "skill_record.deleted", record, changes)
    record.delete()


@transaction.atomic
def save_skill(skill: Skill, *, positions: Iterable[Position], by: Actor, basis: str = "") -> Skill:
    """Adds or changes a skill and of which positions it is asked. Raises ValidationError."""
    saved = save_row(skill, by=by, basis=basis)
    before = sorted(saved.required_of_positions.values_list("name", flat=True))
    saved.required_of_positions.set(positions)
    after = sorted(position.name for position in positions)
    if before != after:
        audit.record(by, "skill.changed", saved, {"positions": [before, after]}, basis)
    return saved


@transaction.atomic
def load_skills(*, by: Actor) -> int:
    """The usual basic skills; how many were added. An own list of the school stays as the school made it."""
    if Skill.objects.exists():
        return 0
    tables = read_toml(SKILLS_FILE)["skill"]
    by_code = {position.code: position for position in Position.objects.all()}
    for order, table in enumerate(tables, 1):
        skill = Skill(name=table["name"], about=table["about"], order=order * 10)
        skill.required_of_all = table.get("of_all", False)
        positions = [by_code[code] for code in table.get("positions", []) if code in by_code]
        save_skill(skill, positions=positions, by=by, basis="Исходный перечень навыков")
    return len(tables)


# Qualification


@transaction.atomic
def set_qualification(person: User, *, by: Actor, **fields) -> QualificationRecord:
    """Education and category of the person, as the documents say. Raises ValidationError, also for one's own."""
    if unknown := fields.keys() - set(QUALIFICATION_FIELDS):
        raise TypeError(f"not a field of a qualification: {min(unknown)}")
    if by.person == person:
        raise ValidationError("Собственную квалификацию вносит другой.")
    User.objects.select_for_update().get(pk=person.pk)
    old = QualificationRecord.objects.filter(person=person).first()
    before = audit.snapshot(old, QUALIFICATION_FIELDS) if old else {}
    row = old or QualificationRecord(person=person)
    for name, value in fields.items():
        setattr(row, name, " ".join(value.split()) if isinstance(value, str) else value)
    row.recorded_by = by.person
    row.full_clean()
    changes = audit.difference(before, audit.snapshot(row, QUALIFICATION_FIELDS))
    if changes:
        row.save()
        audit.record(by, f"qualification_record.{'changed' if old else 'added'}", row, changes)
    return row
