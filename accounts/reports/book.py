"""The alphabetical book: pages by letter, every pupil who was ever enrolled, former ones with their departure."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet

from accounts.fact_rules import DAY
from accounts.models import Enrolment, Order, OrderLine, PersonalFile, SchoolClass, User

HERE, GONE = "here", "gone"


@dataclass(frozen=True)
class Entry:
    """A line of the book. `left_on` is the first day out of school; None while the pupil is here, or is to come."""

    file: PersonalFile
    enrolled_on: datetime.date
    order: Order | None
    basis: str
    school_class: SchoolClass
    left_on: datetime.date | None
    left_by: Order | None
    place: str

    @property
    def person(self) -> User:
        return self.file.person

    @property
    def ground(self) -> str:
        """The order of the enrolment, or the words that it rests on."""
        return self.order.reference if self.order else self.basis

    @property
    def left_ground(self) -> str:
        return self.left_by.reference if self.left_by else ""


def letters() -> list[tuple[str, int]]:
    """Letters that have somebody, with how many; one query."""
    return list(PersonalFile.objects.order_by("letter").values_list("letter").annotate(Count("pk")))


def listed(filters: dict[str, str], date: datetime.date) -> QuerySet[PersonalFile]:
    """Lines of the book by letter, name and state, with the pupil's enrolments; one query more for any number."""
    rows = PersonalFile.objects.select_related("person")
    if filters["q"]:
        rows = rows.filter(person__in=User.objects.matching(filters["q"]).values("pk"))
    elif filters["letter"]:
        rows = rows.filter(letter=filters["letter"])
    if filters["state"]:
        goes_on = Exists(Enrolment.objects.overlapping(date, None).filter(pupil=OuterRef("person")))
        rows = rows.filter(goes_on if filters["state"] == HERE else ~goes_on)
    enrolments = Enrolment.objects.select_related("school_class__year", "order", "ended_by").order_by("starts", "pk")
    return rows.order_by("letter", "number").prefetch_related(
        Prefetch("person__enrolments", enrolments, to_attr="enrolled_ever")
    )


def entries(files: Iterable[PersonalFile], date: datetime.date) -> list[Entry]:
    """The lines of `listed` as they are printed; one query more."""
    files = [file for file in files if file.person.enrolled_ever]
    places = _places(files)
    return [_entry(file, places, date) for file in files]


def _entry(file: PersonalFile, places: dict[tuple[int, int], str], date: datetime.date) -> Entry:
    first, last = file.person.enrolled_ever[0], file.person.enrolled_ever[-1]
    is_gone = last.ends is not None and last.ends < date
    order = last.ended_by if is_gone else None
    place = places.get((order.pk, file.person_id), order.get_kind_display()) if order else ""
    return Entry(
        file=file, enrolled_on=first.starts, order=first.order, basis=first.basis, school_class=last.school_class,
        left_on=last.ends + DAY if is_gone else None, left_by=order, place=place,
    )  # fmt: skip


def _places(files: list[PersonalFile]) -> dict[tuple[int, int], str]:
    """Where those who left have gone: (order, person) → words."""
    orders = {row.ended_by_id for file in files for row in file.person.enrolled_ever[-1:] if row.ended_by_id}
    people = {file.person_id for file in files}
    lines = OrderLine.objects.filter(order__in=orders, person__in=people).exclude(place="")
    return {(order, person): place for order, person, place in lines.values_list("order", "person", "place")}
