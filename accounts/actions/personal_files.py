"""Giving numbers of personal files: the alphabetical book."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from accounts.models import Enrolment, OrderLine, PersonalFile, SchoolCard
from accounts.models.personal_files import letter_of, parse_file_number

BATCH = 500


@dataclass(frozen=True)
class Given:
    """What was given; `refused` are numbers typed in orders that others have already, with the number given instead."""

    files: list[PersonalFile]
    refused: list[tuple[str, PersonalFile]]


def without_number() -> list[Enrolment]:
    """The first enrolment of every pupil, former ones too, who has no number yet; in the order of giving."""
    rows = Enrolment.objects.filter(pupil__personal_file__isnull=True).select_related("pupil", "order", "school_class")
    first: dict[int, Enrolment] = {}
    for row in rows.order_by("starts", "pupil__sort_name", "pupil_id", "pk"):
        first.setdefault(row.pupil_id, row)
    return list(first.values())


@transaction.atomic
def give_file_numbers(*, by: Actor) -> Given:
    """Numbers of personal files for all pupils without one, by date of enrolment, then by name.

    A number typed in the point of an order is kept where it is free; others get the next of their letter. Asked twice,
    or by two at once, it gives nobody a second number. Effects: rows of the book, audit.
    """
    # Two who press at once stand in a queue: the second finds nobody left.
    list(SchoolCard.objects.select_for_update().values_list("pk"))
    rows, book = without_number(), _Book()
    typed = _typed(rows)
    granted = {key for key, place in typed.items() if book.reserve(place)}
    files, refused = [], []
    for row in rows:
        key = row.pupil_id
        letter, number = typed[key] if key in granted else book.next(letter_of(row.pupil.surname))
        files.append(PersonalFile(person=row.pupil, letter=letter, number=number, order=row.order))
        if key in typed and key not in granted:
            refused.append(("{}-{}".format(*typed[key]), files[-1]))
    PersonalFile.objects.bulk_create(files, batch_size=BATCH)
    audit.record_many(audit.entry(by, "personal_file.given", file, _changes(file)) for file in files)
    return Given(files, refused)


def _changes(file: PersonalFile) -> dict:
    values = audit.snapshot(file, ("person", "letter", "number", "order"))
    return {name: [None, value] for name, value in values.items() if value is not None}


def _typed(rows: Iterable[Enrolment]) -> dict[int, tuple[str, int]]:
    """Numbers named in points of executed orders: pupil → (letter, number); one query."""
    keys = [row.pupil_id for row in rows]
    lines = OrderLine.objects.filter(order__state="executed").exclude(file_number="")
    found = {}
    for person, text in lines.order_by("order__effective_on", "pk").values_list("person", "file_number"):
        if number := parse_file_number(text):
            found.setdefault(person, number)
    return {key: found[key] for key in keys if key in found}


class _Book:
    """Numbers taken: those given before and those reserved now."""

    def __init__(self):
        rows = PersonalFile.objects.order_by().values_list("letter", "number")
        self._taken = set(rows)
        self._last = defaultdict(int)
        for letter, number in self._taken:
            self._last[letter] = max(self._last[letter], number)

    def reserve(self, place: tuple[str, int]) -> bool:
        if place in self._taken:
            return False
        self._taken.add(place)
        self._last[place[0]] = max(self._last[place[0]], place[1])
        return True

    def next(self, letter: str) -> tuple[str, int]:
        """The next after the last of the letter: numbers left out on paper are not filled."""
        self._last[letter] += 1
        return letter, self._last[letter]
