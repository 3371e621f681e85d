"""What the portal knows already about people whom a sheet names: a constant number of queries."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from accounts.models import Appointment, Enrolment, RegistrationSheet, SchoolClass, SheetRow, User
from accounts.models.people import MANAGEMENT_LEVEL
from accounts.models.registration import name_key
from accounts.planning.facts import everybody


class Known:
    """Accounts with these names, their enrolments and posts, and rows of other sheets that are not facts yet."""

    def __init__(self, rows: Iterable[SheetRow], sheet: RegistrationSheet, date: datetime.date):
        rows = list(rows)
        self.date, self._is_of_pupils = date, sheet.kind == RegistrationSheet.Kind.PUPILS
        wanted = {_without_patronymic(row) for row in rows}
        self._people: dict[tuple[str, str], list[User]] = defaultdict(list)
        for person in everybody() if wanted else ():
            if (key := _without_patronymic(person)) in wanted:
                self._people[key].append(person)
        keys = [person.pk for people in self._people.values() for person in people]
        self.enrolments = _by(Enrolment.objects.filter(pupil__in=keys).select_related("school_class__year"), "pupil_id")
        posts = Appointment.objects.filter(person__in=keys).select_related("position", "school_class", "method_group")
        self.appointments = _by(posts, "person_id")
        self._pending = self._load_pending(rows, sheet)
        self.led = self._load_led(rows)

    def _load_led(self, rows: list[SheetRow]) -> dict[int, Appointment]:
        """Who leads the classes that the rows name, on the date."""
        classes = {row.school_class_id for row in rows if row.school_class_id}
        found = Appointment.objects.overlapping(self.date, None).filter(position__code="class_teacher", is_acting=False)
        return {row.school_class_id: row for row in found.filter(school_class__in=classes).select_related("person")}

    def _load_pending(self, rows: list[SheetRow], sheet: RegistrationSheet) -> dict[str, list[SheetRow]]:
        """By name, since one may be typed with the birth date and once without."""
        wanted = {row.name_key for row in rows if row.name_key}
        others = SheetRow.objects.pending().exclude(sheet=sheet.pk).filter(sheet__kind=sheet.kind)
        others = others.select_related("sheet", "school_class", "position")
        if len(wanted) < 500:
            others = others.filter(name_key__in=wanted)
        return _by((row for row in others if row.name_key in wanted), "name_key")

    def namesakes(self, row: SheetRow) -> list[User]:
        """Accounts that may be the same human being: name alike, patronymics and birth dates not at odds.

        For a pupil only those who are or were pupils.
        """
        people = self._people.get(_without_patronymic(row), [])
        if self._is_of_pupils:
            # Of employees and parents of that name a class teacher's sheet tells nothing.
            people = [one for one in people if one.pk in self.enrolments]
        return [one for one in people if _agree(_folded(one.patronymic), _folded(row.patronymic))
                and _agree(one.birth_date, row.birth_date)]  # fmt: skip

    def enrolment(self, person: User) -> Enrolment | None:
        """Where the person is enrolled, now or from a day to come."""
        rows = self.enrolments.get(person.pk, [])
        return next((row for row in rows if row.ends is None or row.ends >= self.date), None)

    def posts(self, person: User) -> list[Appointment]:
        """Posts held on the date, and those to come."""
        rows = self.appointments.get(person.pk, [])
        return [row for row in rows if row.ends is None or row.ends >= self.date]

    def pending(self, row: SheetRow) -> list[SheetRow]:
        """Rows of other sheets about the same human being."""
        return [one for one in self._pending.get(row.name_key, []) if _agree(one.birth_date, row.birth_date)]


def may_know_class(person: User, school_class: SchoolClass) -> bool:
    """May the person be told that somebody is in this class? Those whose class pages it is among."""
    return person.level >= MANAGEMENT_LEVEL or school_class in person.led_classes


def _without_patronymic(one) -> tuple[str, str]:
    return _folded(one.surname), _folded(one.name)


def _folded(text: str) -> str:
    return name_key(text)


def _agree(one, other) -> bool:
    """Equal, or one of them is not known."""
    return not one or not other or one == other


def _by(rows, name: str) -> dict:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
