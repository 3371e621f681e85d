"""Whom the names in a file mean; what nobody has decided yet becomes a question. Reads only."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.batches.outcomes import SKIP
from accounts.models import Enrolment, ImportBatch, ImportMapping, User
from accounts.models.registration import name_key
from portfolio.importing.columns import OLYMPIAD
from portfolio.importing.items import Item

PUPIL, UNKNOWN = "pupil", "unknown"
# So many people at most are offered for a name.
MOST_OFFERED = 60
_LIKE = 4


@dataclass(frozen=True)
class Question:
    """A name that means nobody or several people: `choices` are (key, name and class)."""

    scope: str
    text: str
    where: str
    choices: tuple[tuple[str, str], ...]
    # Pupils of ours are called so: it is asked before the others.
    is_likely: bool = False

    @property
    def key(self) -> str:
        return f"{PUPIL}|{self.scope}|{self.text}"

    @property
    def decision(self) -> tuple[str, str, str]:
        """As `remember` keeps it, but for the meaning."""
        return PUPIL, self.scope, self.text


class Directory:
    """Pupils of the school from the first day that the file speaks of to today: three queries for any file.

    `within` are keys of the pupils among whom the one who loads may look, None for all.
    """

    def __init__(self, batch: ImportBatch, days: Iterable[datetime.date], today: datetime.date, within=None):
        self.batch, self.today, self.is_narrow = batch, today, within is not None
        rows = Enrolment.objects.overlapping(min([*days, today]), today).select_related("pupil", "school_class")
        if within is not None:
            rows = rows.filter(pupil__in=within)
        self.people: dict[int, User] = {}
        self.places: dict[int, list[Enrolment]] = defaultdict(list)
        self.named: dict[str, set[int]] = defaultdict(set)
        for row in rows.order_by("-starts", "-pk"):
            if row.pupil_id not in self.people:
                self._enter(row.pupil)
            self.places[row.pupil_id].append(row)
        decided = ImportMapping.objects.filter(purpose=batch.purpose, source=batch.source, kind=PUPIL)
        self.decided = {(one.scope, one.text): one.meaning for one in decided}
        self.questions: dict[str, Question] = {}

    def _enter(self, pupil: User) -> None:
        """Under the whole name, without the patronymic, and with initials."""
        self.people[pupil.pk] = pupil
        whole = name_key(pupil.get_full_name())
        for key in {whole, name_key(f"{pupil.surname} {pupil.name}"), name_key(pupil.initials)}:
            self.named[key].add(pupil.pk)

    def find(self, item: Item) -> User | str | None:
        """The pupil; SKIP where somebody decided so; UNKNOWN of a stranger whom nobody is asked about; None where it is
        asked."""
        namesakes = self.named.get(name_key(item.name), set())
        here = {pk for pk in namesakes if self._is_of(pk, item)}
        if len(here) == 1:
            return self.people[here.pop()]
        scope = self._scope(item)
        decided = self.decided.get((scope, item.name))
        if decided == SKIP:
            return SKIP
        if decided and decided.isdecimal() and int(decided) in self.people:
            return self.people[int(decided)]
        if self.batch.options.get("skip_unknown"):
            return UNKNOWN
        offered = here or namesakes or self._classmates(item) or self._alike(item.name)
        if self.is_narrow and not offered:
            return UNKNOWN
        question = Question(scope, item.name, item.where, self._choices(offered, item), bool(namesakes))
        self.questions.setdefault(question.key, question)
        return None

    def grade_on(self, pupil: User, date: datetime.date) -> int | None:
        """The grade that the pupil was in on the day, as far as the portal knows."""
        found = (row for row in self.places[pupil.pk] if row.in_force_on(date))
        return next((row.school_class.grade for row in found), None)

    def _is_of(self, pk: int, item: Item) -> bool:
        """Of the class that the file names, on the day of the event or today; a grade alone says enough."""
        if item.class_name is None:
            return True
        days = {item.date or self.today, self.today}
        rows = (row for row in self.places[pk] if any(row.in_force_on(day) for day in days))
        return any(_is_named(row, item.class_name) for row in rows)

    def _scope(self, item: Item) -> str:
        """Where an answer holds: the class; in lists that anybody may load, for the one who answered."""
        grade, letter = item.class_name or ("", "")
        own = f"|{self.batch.created_by_id}" if self.batch.purpose == OLYMPIAD else ""
        return f"{grade}{letter}{own}"

    def _classmates(self, item: Item) -> set[int]:
        return {pk for pk in self.people if self._is_of(pk, item)} if item.class_name else set()

    def _alike(self, name: str) -> set[int]:
        begin = name_key(name)[:_LIKE]
        return {pk for key, people in self.named.items() if begin and key.startswith(begin) for pk in people}

    def _choices(self, keys: set[int], item: Item) -> tuple[tuple[str, str], ...]:
        people = sorted((self.people[pk] for pk in keys), key=lambda one: (one.sort_name, one.pk))[:MOST_OFFERED]
        return tuple((str(one.pk), f"{one.get_full_name()}, {self._class(one, item)}") for one in people)

    def _class(self, pupil: User, item: Item) -> str:
        rows = self.places[pupil.pk]
        found = next((row for row in rows if row.in_force_on(item.date or self.today)), rows[0])
        return found.school_class.name


def _is_named(row: Enrolment, name: tuple[int, str]) -> bool:
    grade, letter = name
    return row.school_class.grade == grade and letter in ("", row.school_class.letter)
