"""The verbs of a pupil over the own achievements: draft, submit, take back, remove, begin a new version (11.1).

What was submitted or confirmed is changed by none of them; each asks for the state once more under a lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import delete_row, save_row
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from eios.lib.dates import today
from portfolio.achievements import grade_on
from portfolio.file_owners import EVIDENCE
from portfolio.freezing import refuse_frozen
from portfolio.models import STAGE_LEVELS, Achievement, Evidence, Origin, State, title_key

MOST_EVIDENCE = 20
GONE = "Этой записи уже нет."
WHY_LOCKED = {
    State.SUBMITTED: "Запись на проверке. Чтобы изменить её, сначала заберите её с проверки.",
    State.CONFIRMED: "Запись подтверждена и закрыта для правки. Начните её новую версию.",
    State.REPLACED: "Эту запись заменила новая версия.",
}
NOT_OWN = "Эту запись внесла школа: изменить её из портфолио нельзя."
COPIED = (
    *Achievement.OCCASION, "outcome", "place", "team", "mentor", "grade", "grade_performed", "note",
)  # fmt: skip

# What a draft's form never writes, though it holds it as it was read.
STANDING = ("state", "reason", "submitted_at", "decided_by", "decided_at")


@dataclass(frozen=True)
class Asked:
    """Evidence as it is wanted: what is added, and keys of what is taken away. A link is (address, title)."""

    uploads: Sequence = ()
    links: Sequence[tuple[str, str]] = ()
    orders: Sequence[str] = ()
    dropped: Sequence[int] = ()


@transaction.atomic
def save_draft(entry: Achievement, asked: Asked, *, seen: Seen | None = None, by: Actor) -> Achievement:
    """Writes a new draft, or a changed one; a returned entry stays returned until it is submitted anew.

    Effects: the entry, its grade by the enrolment on the day and its level by the stage; its evidence, files on the
    pupil's quota; audit of each. Raises ValidationError (locked, frozen, a day that can't be), Stale, FileRefused.
    """
    if entry._state.adding:
        entry.pupil, entry.origin, entry.created_by = by.person, Origin.PUPIL, by.person
        refuse_frozen(entry.pupil)
    else:
        stored = _editable(entry, by)
        refuse_stale(entry, seen)
        for name in STANDING:
            setattr(entry, name, getattr(stored, name))
    _settle(entry)
    save_row(entry, by=by)
    _save_evidence(entry, asked, by)
    return entry


def _settle(entry: Achievement) -> None:
    """What follows from what was written: level, grade, tidy title. Raises ValidationError."""
    entry.title = " ".join(entry.title.split())
    if not title_key(entry.title):
        raise ValidationError({"title": "Назовите мероприятие словами."})
    if entry.stage:
        entry.level = STAGE_LEVELS[entry.stage]
    born = entry.pupil.birth_date
    if entry.date > today():
        raise ValidationError({"date": "Этот день ещё не наступил."})
    if born and entry.date <= born:
        raise ValidationError({"date": "Дата раньше дня рождения."})
    entry.grade = grade_on(entry.pupil, entry.date)
    if entry.grade and entry.grade_performed and entry.grade_performed < entry.grade:
        raise ValidationError({"grade_performed": f"Вы учились в {entry.grade} классе: за младших не выступают."})


def _save_evidence(entry: Achievement, asked: Asked, by: Actor) -> None:
    held = list(entry.evidence.all())
    dropped = [one for one in held if one.pk in set(asked.dropped)]
    count = len(held) - len(dropped) + len(asked.uploads) + len(asked.links) + len(asked.orders)
    if count > MOST_EVIDENCE:
        raise ValidationError(f"К записи — не больше {MOST_EVIDENCE} подтверждений.")
    for one in dropped:
        delete_row(one, by=by)
    for address, title in asked.links:
        save_row(Evidence(achievement=entry, kind=Evidence.Kind.LINK, link=address, title=title), by=by)
    for title in asked.orders:
        save_row(Evidence(achievement=entry, kind=Evidence.Kind.ORDER, title=title), by=by)
    for upload in asked.uploads:
        file = files.store(upload, kind=EVIDENCE, by=by, owner=entry.pupil)
        save_row(Evidence(achievement=entry, kind=Evidence.Kind.FILE, file=file), by=by)


@transaction.atomic
def submit(entry: Achievement, *, by: Actor) -> Achievement:
    """Gives a draft to the school to check. Raises ValidationError: no evidence, locked, frozen."""
    entry = _editable(entry, by)
    if not entry.evidence.exists():
        raise ValidationError("Приложите хотя бы одно подтверждение: файл, ссылку или номер и дату приказа.")
    if entry.replaces_id and entry.replaces.state != State.CONFIRMED:
        raise ValidationError("Запись, которую заменяет эта версия, уже не действует. Удалите черновик.")
    before = audit.snapshot(entry, ("state", "reason"))
    entry.state, entry.submitted_at = State.SUBMITTED, timezone.now()
    entry.reason, entry.decided_by, entry.decided_at = "", None, None
    entry.save(update_fields=["state", "submitted_at", "reason", "decided_by", "decided_at"])
    audit.record(by, "achievement.submitted", entry, audit.difference(before, audit.snapshot(entry, before)))
    return entry


@transaction.atomic
def take_back(entry: Achievement, *, by: Actor) -> Achievement:
    """What waits is a draft again. Raises ValidationError: it was decided meanwhile."""
    entry = _own(entry, by)
    if entry.state != State.SUBMITTED:
        raise ValidationError("Эта запись уже не на проверке.")
    before = audit.snapshot(entry, ("state",))
    entry.state, entry.submitted_at = State.DRAFT, None
    entry.save(update_fields=["state", "submitted_at"])
    audit.record(by, "achievement.taken_back", entry, audit.difference(before, audit.snapshot(entry, ("state",))))
    return entry


@transaction.atomic
def remove(entry: Achievement, *, by: Actor) -> None:
    """Deletes a draft or a returned entry with its evidence. Raises ValidationError: locked, frozen."""
    entry = _editable(entry, by)
    for one in entry.evidence.all():
        delete_row(one, by=by)
    delete_row(entry, by=by)


@transaction.atomic
def renew(entry: Achievement, *, by: Actor) -> Achievement:
    """Begins a new version of a confirmed entry: a draft with the same contents and evidence. The confirmed one stands
    until that is confirmed. Raises ValidationError: not confirmed, begun already, frozen."""
    entry = _own(entry, by)
    if entry.state != State.CONFIRMED:
        raise ValidationError("Новую версию начинают у подтверждённой записи.")
    if entry.later.exists():
        raise ValidationError("Новая версия этой записи уже начата.")
    made = Achievement(
        pupil=entry.pupil, origin=entry.origin, created_by=by.person, replaces=entry, version=entry.version + 1,
        **{name: getattr(entry, name) for name in COPIED},
    )  # fmt: skip
    save_row(made, by=by)
    for one in entry.evidence.all():
        save_row(Evidence(achievement=made, kind=one.kind, title=one.title, file=one.file, link=one.link), by=by)
    return made


def _own(entry: Achievement, by: Actor) -> Achievement:
    """The stored entry, locked. Raises ValidationError: gone, not the pupil's own word, frozen."""
    stored = Achievement.objects.select_for_update(of=("self",)).select_related("pupil", "replaces")
    found = stored.filter(pk=entry.pk, pupil=by.person).first()
    if found is None:
        raise ValidationError(GONE)
    if found.origin != Origin.PUPIL:
        raise ValidationError(why_locked(found))
    refuse_frozen(found.pupil)
    return found


def _editable(entry: Achievement, by: Actor) -> Achievement:
    found = _own(entry, by)
    if not found.is_editable:
        raise ValidationError(why_locked(found))
    return found


def why_locked(entry: Achievement) -> str:
    """Why its pupil can't change it."""
    return WHY_LOCKED[entry.state] if entry.origin == Origin.PUPIL else NOT_OWN
