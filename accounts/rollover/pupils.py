"""Pupils of the year that ends: what has happened to each, what is proposed, what was decided.

Everything is loaded in a constant number of queries, for a class or for the whole school.
"""

import datetime
import functools
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.hints import PROMOTION_PROPOSALS
from accounts.models import Enrolment, Order, OrderLine, Rollover, RolloverDecision, SchoolCard, SchoolClass, User
from accounts.models.rollover import Outcome
from eios.lib import russian

MOVING = RolloverDecision.MOVING
LEAVING_WORDS = {Outcome.GRADUATES: "выпуск", Outcome.MOVES_AWAY: "уходит в другую школу", Outcome.EXPELLED: "отчислен"}
NO_CLASS = "нет класса следующего года"


@dataclass(frozen=True)
class Choice:
    """One outcome of the year, as it is proposed or decided."""

    outcome: str = Outcome.UNDECIDED
    next_class: SchoolClass | None = None
    remark: str = ""

    @property
    def key(self) -> tuple:
        return self.outcome, self.next_class.pk if self.next_class else None, self.remark


@dataclass(eq=False)
class Row:
    """A pupil of the year that ends.

    `settled` says what an executed order has done already; `signed` is an order of this rollover that waits for its
    execution; either way nothing is left to decide here.
    """

    pupil: User
    school_class: SchoolClass
    proposal: Choice
    reason: str = ""
    decision: RolloverDecision | None = None
    settled: str = ""
    signed: Order | None = None

    @property
    def is_open(self) -> bool:
        return not self.settled and self.signed is None

    @property
    def is_stale(self) -> bool:
        """Decided for another class than the pupil is in now."""
        return self.decision is not None and self.decision.school_class_id != self.school_class.pk

    @property
    def is_checked(self) -> bool:
        """Somebody has looked at the row and saved it; or there is nothing to look at."""
        return not self.is_open or (self.decision is not None and not self.is_stale)

    @property
    def choice(self) -> Choice:
        """What the orders will say: the decision, else the proposal; a stale decision is no decision."""
        if self.decision is None:
            return self.proposal
        if self.is_stale:
            return Choice()
        return Choice(self.decision.outcome, self.decision.next_class, self.decision.remark)

    @property
    def is_undecided(self) -> bool:
        return self.is_open and self.choice.outcome == Outcome.UNDECIDED

    @property
    def explanation(self) -> str:
        """Why it is proposed so, or what has changed since the decision."""
        if self.is_stale:
            return f"Решено для класса {self.decision.school_class}, теперь {self.school_class}: решите заново."
        return self.reason if self.decision is None else ""


@dataclass(frozen=True)
class Lost:
    """One whose enrolment has ended without an order and without another class."""

    pupil: User
    school_class: SchoolClass
    ends: datetime.date


class Preview:
    """The rollover as it stands. With `only`, the pupils of one class."""

    def __init__(self, rollover: Rollover, date: datetime.date, only: SchoolClass | None = None):
        self.rollover, self.date, self.only = rollover, date, only
        self.highest_grade = SchoolCard.current().highest_grade
        self.classes = list(rollover.year.classes.select_related("year").order_by("grade", "letter"))
        self.next_classes = list(rollover.next_year.classes.select_related("year").order_by("grade", "letter"))

    # Classes

    @functools.cached_property
    def going_on(self) -> dict[int, SchoolClass | None]:
        """Key of a class → the class of the next year: as decided, else the same letter of the next grade."""
        found = {one.pk: self._same_letter(one.grade + 1, one.letter) for one in self.classes}
        known = {one.pk: one for one in self.next_classes}
        for row in self.rollover.next_classes.all():
            found[row.school_class_id] = known.get(row.next_class_id)
        return found

    def _same_letter(self, grade: int, letter: str) -> SchoolClass | None:
        return next((one for one in self.next_classes if (one.grade, one.letter) == (grade, letter)), None)

    def is_last_grade(self, school_class: SchoolClass) -> bool:
        return school_class.grade >= self.highest_grade

    def targets(self, school_class: SchoolClass, outcome: str) -> list[SchoolClass]:
        """Classes that such an outcome may lead to."""
        grade = school_class.grade if outcome == Outcome.REPEATS else school_class.grade + 1
        return [one for one in self.next_classes if one.grade == grade]

    # Pupils

    @functools.cached_property
    def rows(self) -> list[Row]:
        """Everybody who finishes the year, by class and name; those who have left during it are no longer here."""
        last = self._last
        next_places = self._next_places()
        decisions = self._decisions()
        signed = self._signed()
        proposals = self._proposals()
        ours = set(self.rollover.orders.values_list("pk", flat=True))
        rows = []
        for key, enrolment in last.items():
            settled = self._settled(enrolment, next_places.get(key), ours)
            if settled is None or (self.only and enrolment.school_class_id != self.only.pk):
                continue
            school_class = self._by_key[enrolment.school_class_id]
            choice, reason = self._propose(school_class, proposals.get(key))
            row = Row(enrolment.pupil, school_class, choice, reason, decisions.get(key), settled, signed.get(key))
            rows.append(row)
        return sorted(rows, key=lambda row: (self._place[row.school_class.pk], row.pupil.sort_name, row.pupil.pk))

    @property
    def lost(self) -> list[Lost]:
        """Of the whole school: whose last enrolment has ended without an order and without a class of the next year."""
        here = {row.pupil.pk for row in self.rows}
        return [
            Lost(row.pupil, self._by_key[row.school_class_id], row.ends)
            for key, row in self._last.items()
            if key not in here and row.ended_by_id is None
        ]

    @functools.cached_property
    def _by_key(self) -> dict[int, SchoolClass]:
        return {one.pk: one for one in self.classes}

    @functools.cached_property
    def _place(self) -> dict[int, int]:
        return {one.pk: number for number, one in enumerate(self.classes)}

    @functools.cached_property
    def _last(self) -> dict[int, Enrolment]:
        """The latest enrolment of the year of every pupil; of one class, of whoever has been in it."""
        rows = Enrolment.objects.filter(school_class__in=self.classes)
        if self.only:
            members = Enrolment.objects.filter(school_class=self.only)
            rows = rows.filter(pupil__in=members.values("pupil"))
        return {row.pupil_id: row for row in rows.select_related("pupil", "ended_by").order_by("starts", "pk")}

    def _next_places(self) -> dict[int, Enrolment]:
        rows = Enrolment.objects.filter(school_class__in=self.next_classes)
        if self.only:
            rows = rows.filter(pupil__in=list(self._last))
        return {row.pupil_id: row for row in rows.select_related("school_class", "order").order_by("-starts", "-pk")}

    def _decisions(self) -> dict[int, RolloverDecision]:
        rows = self.rollover.decisions.select_related("next_class", "school_class")
        if self.only:
            rows = rows.filter(pupil__in=list(self._last))
        return {row.pupil_id: row for row in rows}

    def _signed(self) -> dict[int, Order]:
        """Pupils whom signed orders of this rollover name; their words do not change any more."""
        lines = OrderLine.objects.filter(order__in=self.rollover.orders.filter(state=Order.State.SIGNED))
        return {line.person_id: line.order for line in lines.select_related("order")}

    def _proposals(self) -> dict[int, tuple[str, str]]:
        classes = [self.only] if self.only else self.classes
        found: dict[int, tuple[str, str]] = {}
        for _, proposals in PROMOTION_PROPOSALS.items():
            found |= proposals(classes, self.date)
        return found

    def _settled(self, last: Enrolment, now: Enrolment | None, ours: set[int]) -> str | None:
        """What is done already; "" where all is still ahead; None for one who has left by another way."""
        if now is not None:
            ground = f", {now.order.reference}" if now.order_id else ""
            return f"в {now.school_class} с {russian.short_date(now.starts)}{ground}"
        if last.ends is None or (last.ended_by_id is None and last.ends >= self.rollover.year.ends):
            return ""
        if last.ended_by_id in ours:
            return f"{last.ended_by.get_kind_display()}, {last.ended_by.reference}"
        return None

    def _propose(self, school_class: SchoolClass, proposed: tuple[str, str] | None) -> tuple[Choice, str]:
        usual = Outcome.GRADUATES if self.is_last_grade(school_class) else Outcome.PROMOTED
        outcome, reason = proposed or (usual, "")
        if outcome not in MOVING:
            return Choice(outcome), reason
        target = self._target(school_class, outcome)
        if target is None:
            return Choice(), f"{reason}: {NO_CLASS}" if reason else NO_CLASS.capitalize()
        return Choice(outcome, target), reason

    def _target(self, school_class: SchoolClass, outcome: str) -> SchoolClass | None:
        if outcome != Outcome.REPEATS:
            return self.going_on[school_class.pk]
        same = self.targets(school_class, outcome)
        return next((one for one in same if one.letter == school_class.letter), same[0] if same else None)

    # Of all rows together

    @functools.cached_property
    def summary(self) -> list["ClassSummary"]:
        """A line for each class of the year that ends, empty ones among them."""
        by_class = defaultdict(list)
        for row in self.rows:
            by_class[row.school_class.pk].append(row)
        return [ClassSummary(one, self.going_on[one.pk], by_class[one.pk]) for one in self.classes]

    @property
    def open_rows(self) -> list[Row]:
        return [row for row in self.rows if row.is_open]

    @property
    def undecided(self) -> list[Row]:
        return [row for row in self.rows if row.is_undecided]


@dataclass(frozen=True)
class ClassSummary:
    """How the year ends for one class."""

    school_class: SchoolClass
    next_class: SchoolClass | None
    rows: list[Row]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """[(«переведён», 26), …] of those about whom something is decided, in the order of the outcomes."""
        found = Counter(row.choice.outcome for row in self.rows if row.is_open)
        return [(label, found[value]) for value, label in Outcome.choices if found[value]]

    @property
    def done(self) -> int:
        return sum(bool(row.settled) for row in self.rows)

    @property
    def signed(self) -> int:
        return sum(row.signed is not None and not row.settled for row in self.rows)

    @property
    def undecided(self) -> int:
        return sum(row.is_undecided for row in self.rows)

    @property
    def is_checked(self) -> bool:
        return all(row.is_checked for row in self.rows)


def mark_of(rows: Iterable[Row]) -> str:
    """What the page showed: a form that saw something else than stands now is refused."""
    seen = [(row.pupil.pk, row.school_class.pk, row.is_open, row.is_stale, row.choice.key) for row in rows]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:20]
