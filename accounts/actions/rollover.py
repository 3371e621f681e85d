"""The verbs of the change of the year: the next year and its classes, decisions about pupils, drafts of orders.

All may be repeated: what exists stays, what is the same leaves no trace, nothing is deleted but drafts of orders that
nothing asks for any more. Pupils are moved by the orders alone (6.5).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions import orders
from accounts.actions.dictionaries import save_row
from accounts.actions.school import add_class, check_grade, open_year
from accounts.actor import Actor
from accounts.models import (
    AcademicYear,
    NextClass,
    Order,
    OrderKind,
    OrderLine,
    Rollover,
    RolloverDecision,
    SchoolClass,
)
from accounts.models.school import parse_class_name
from accounts.rollover.drafts import effective_on, same_words, wanted_lines
from accounts.rollover.pupils import Choice, Preview, Row, mark_of
from accounts.signing import director_on, signature_of
from eios.lib import russian
from eios.lib.dates import today

DECISION = ("rollover", "pupil", "school_class", "outcome", "next_class", "remark")
BATCH = 500


class Stale(ValidationError):
    """Something has changed since the page was shown; nothing was saved."""


@transaction.atomic
def start(
    year: AcademicYear, *, starts: datetime.date | None = None, ends: datetime.date | None = None, by: Actor
) -> Rollover:
    """Begins the rollover from the year: the next one is found, or opened with these days (the usual ones without).

    Repeated, it gives the rollover that there is. Raises ValidationError.
    """
    year = AcademicYear.objects.select_for_update().get(pk=year.pk)
    known = Rollover.objects.filter(year=year).first()
    if known:
        return known
    after = year.following() or open_year(starts=starts or year.ends + datetime.timedelta(days=1), ends=ends, by=by)
    row = Rollover(
        year=year, next_year=after, promotion_on=after.starts, leaving_on=after.starts, graduation_on=_usual_end(year)
    )
    return save_row(row, by=by)


def _usual_end(year: AcademicYear) -> datetime.date:
    """Graduates are at school to the end of June."""
    july = datetime.date(year.ends.year, 7, 1)
    return july if year.starts < july <= year.ends else year.ends


@transaction.atomic
def change_terms(rollover: Rollover, *, by: Actor, **fields) -> Rollover:
    """When the orders work and what they rest on; drafts follow when they are made anew. Raises ValidationError."""
    row = Rollover.objects.select_for_update(of=("self",)).select_related("year", "next_year").get(pk=rollover.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    _check_terms(row)
    return save_row(row, by=by)


def _check_terms(row: Rollover) -> None:
    first, last = row.next_year.starts, row.next_year.ends
    if not first <= row.promotion_on <= last:
        days = f"с {russian.short_date(first)} по {russian.short_date(last)}"
        raise ValidationError({"promotion_on": f"Перевод действует в следующем году: {days}."})
    for name in ("graduation_on", "leaving_on"):
        if not row.year.starts < getattr(row, name) <= first:
            days = f"после {russian.short_date(row.year.starts)} и не позже {russian.short_date(first)}"
            raise ValidationError({name: f"День {days}."})


# Classes


@transaction.atomic
def set_classes(rollover: Rollover, names: dict[SchoolClass, str], new: Iterable[str], *, by: Actor) -> int:
    """Classes of the next year; how many were added. `names`: a class of this year → the name of its next one, empty
    where it is left out; `new`: names of other classes, first ones among them.

    A class that is there already stays, also where two classes go on as one. Raises ValidationError.
    """
    rollover = Rollover.objects.select_for_update(of=("self",)).select_related("next_year").get(pk=rollover.pk)
    there = {(one.grade, one.letter): one for one in rollover.next_year.classes.all()}
    before = len(there)
    known = {row.school_class_id: row for row in rollover.next_classes.all()}
    for school_class, name in names.items():
        target = _class_named(rollover, name, there, by) if name.strip() else None
        if target is not None and target.grade != school_class.grade + 1:
            raise ValidationError(f"{school_class} переходит в {school_class.grade + 1}-й класс, а не в {target}.")
        row = known.get(school_class.pk) or NextClass(rollover=rollover, school_class=school_class)
        row.next_class = target
        save_row(row, by=by)
    for name in new:
        _class_named(rollover, name, there, by)
    return len(there) - before


def _class_named(rollover: Rollover, name: str, there: dict, by: Actor) -> SchoolClass:
    key = parse_class_name(name)
    check_grade(key[0])
    if key not in there:
        there[key] = add_class(year=rollover.next_year, name=name, by=by)
    return there[key]


# Decisions


@transaction.atomic
def decide(
    rollover: Rollover, school_class: SchoolClass, choices: dict[int, Choice], *, seen: str, by: Actor
) -> int:  # fmt: skip
    """Saves what happens to the pupils of a class (key of the pupil → choice); how many decisions are new or other.

    `seen` is the mark of the rows that the page showed: Stale where a pupil was moved, or a colleague decided
    otherwise, meanwhile. Raises ValidationError.
    """
    rollover = Rollover.objects.select_for_update(of=("self",)).select_related("year", "next_year").get(pk=rollover.pk)
    preview = Preview(rollover, today(), school_class)
    if mark_of(preview.rows) != seen:
        raise Stale("Пока страница была открыта, в классе что-то изменилось. Посмотрите и сохраните ещё раз.")
    rows = [row for row in preview.open_rows if row.pupil.pk in choices]
    changed = [pair for row in rows if (pair := _decided(rollover, row, choices[row.pupil.pk])) is not None]
    for decision, _ in changed:
        _check_decision(preview, decision)
    RolloverDecision.objects.bulk_create([one for one, _ in changed if one.pk is None], batch_size=BATCH)
    old = [one for one, before in changed if before]
    RolloverDecision.objects.bulk_update(old, ["school_class", "outcome", "next_class", "remark"], batch_size=BATCH)
    audit.record_many(_entry(decision, before, by) for decision, before in changed)
    return len(changed)


def _check_decision(preview: Preview, decision: RolloverDecision) -> None:
    decision.clean_fields(exclude=["rollover", "pupil", "school_class", "next_class"])
    target = decision.next_class
    is_right = target in preview.targets(decision.school_class, decision.outcome) if target else True
    if not is_right or (target is None) == (decision.outcome in RolloverDecision.MOVING):
        raise ValidationError(f"{decision.pupil}: выберите класс следующего года, в который так переводят.")


def _decided(rollover: Rollover, row: Row, choice: Choice) -> tuple[RolloverDecision, dict] | None:
    """The row to save with what was before; None where it says so already."""
    decision = row.decision or RolloverDecision(rollover=rollover, pupil=row.pupil)
    before = audit.snapshot(decision, DECISION) if decision.pk else {}
    decision.school_class, decision.outcome = row.school_class, choice.outcome
    decision.next_class, decision.remark = choice.next_class, choice.remark
    return None if audit.snapshot(decision, DECISION) == before else (decision, before)


def _entry(decision: RolloverDecision, before: dict, by: Actor):
    verb = "changed" if before else "added"
    changes = audit.difference(before, audit.snapshot(decision, DECISION))
    return audit.entry(by, f"rollover_decision.{verb}", decision, changes)


# Orders


@dataclass(frozen=True)
class Drafted:
    """What became of the draft of one kind: how many lines were added, removed and changed; `order` is None where
    nothing asks for it."""

    kind: str
    order: Order | None
    added: int = 0
    removed: int = 0
    is_head_changed: bool = False

    @property
    def is_changed(self) -> bool:
        return bool(self.added or self.removed or self.is_head_changed)


@transaction.atomic
def draft_orders(rollover: Rollover, *, by: Actor) -> list[Drafted]:
    """One draft for every outcome that somebody has, made anew where decisions have changed since.

    Signed and executed orders stay as they are, and whom they name is in no draft. Effects: orders of this rollover in
    the state of draft, their lines; audit. Repeated, it changes nothing. Raises ValidationError.
    """
    rollover = Rollover.objects.select_for_update(of=("self",)).select_related("year", "next_year").get(pk=rollover.pk)
    drafts = _drafts(rollover)
    wanted = wanted_lines(Preview(rollover, today()))
    return [_draft(rollover, kind, lines, drafts.get(kind), by) for kind, lines in wanted.items()]


def _drafts(rollover: Rollover) -> dict[str, Order]:
    rows = rollover.orders.filter(state=Order.State.DRAFT).select_for_update(of=("self",))
    return {row.kind: row for row in rows.order_by("pk")}


def _draft(rollover: Rollover, kind: str, lines: list[OrderLine], draft: Order | None, by: Actor) -> Drafted:
    if not lines and draft is None:
        return Drafted(kind, None)
    if not lines:
        removed = draft.lines.count()
        orders.delete_draft(draft, by=by)
        return Drafted(kind, None, removed=removed)
    draft, is_head_changed = _with_head(rollover, kind, draft, by)
    added, removed = _settle_lines(draft, lines, by)
    return Drafted(kind, draft, added, removed, is_head_changed)


def _with_head(rollover: Rollover, kind: str, draft: Order | None, by: Actor) -> tuple[Order, bool]:
    """The draft with the dates and the basis of the rollover; a basis written in the draft stays where there is none
    here."""
    head = {"effective_on": effective_on(rollover, kind)} | ({"basis": rollover.basis} if rollover.basis else {})
    if draft is None:
        draft = orders.create_order(kind=OrderKind(kind), by=by, **head, **_signatory())
        rollover.orders.add(draft)
        return draft, True
    if all(getattr(draft, name) == value for name, value in head.items()):
        return draft, False
    return orders.change_order(draft, by=by, **head), True


def _signatory() -> dict:
    """The director of today, with the words under the order; nothing where there is none."""
    row = director_on(today())
    return {"signatory": row.person, "signatory_name": signature_of(row)} if row else {}


def _settle_lines(draft: Order, lines: list[OrderLine], by: Actor) -> tuple[int, int]:
    """Takes out lines that say something else, adds what is missing, puts all into their order; how many of each."""
    wanted = {line.person_id: line for line in lines}
    there = list(draft.lines.all())
    stays = {line.person_id: line for line in there if _still_wanted(line, wanted)}
    gone = [line.pk for line in there if stays.get(line.person_id) is not line]
    new = [line for line in lines if line.person_id not in stays]
    orders.remove_lines(draft, gone, by=by)
    orders.add_lines(draft, new, by=by)
    if gone or new:
        orders.arrange_lines(draft, [(stays.get(line.person_id) or line).pk for line in lines])
    return len(new), len(gone)


def _still_wanted(line: OrderLine, wanted: dict[int, OrderLine]) -> bool:
    return line.person_id in wanted and same_words(line, wanted[line.person_id])
