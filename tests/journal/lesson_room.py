"""A gradebook with its timetable and people, as tests of lessons share it."""

import datetime

from accounts.actor import Actor
from eios.lib.dates import today
from journal.actions import lessons as actions
from journal.entry import door_of
from journal.models import (
    Gradebook,
    Lesson,
)
from tests.factories import make_class, make_employee, make_pupil
from tests.journal.factories import (
    make_gradebook,
    make_line,
    make_load,
    make_open_year,
    make_timetable,
)

DAY = datetime.timedelta(days=1)
WEEK = 7 * DAY


class Room:
    """A gradebook kept here with two lessons a week, its teacher, a deputy, a pupil."""

    def __init__(self):
        self.school_class = make_class(grade=7)
        self.year = self.school_class.year
        make_open_year(self.year)
        self.teacher, self.deputy = make_employee(surname="Белова"), make_employee(position="deputy")
        self.book = make_gradebook(school_class=self.school_class, kept="here")
        make_load(self.teacher, self.book)
        self.pupil = make_pupil(school_class=self.school_class)
        self.timetable = make_timetable(self.year)
        # The coming full week: all of it is still to come.
        self.monday = today() - today().weekday() * DAY + WEEK
        self.span = (self.monday, self.monday + 6 * DAY)
        self.by = Actor(self.deputy, None, self.deputy.username)

    def line(self, weekday: int, number: int, **fields):
        return make_line(self.timetable, self.book, weekday=weekday, number=number, **fields)

    def generate(self) -> tuple:
        made = actions.generate(self.book, *self.span, by=self.by)
        return made.added, made.moved, made.removed

    @property
    def rows(self) -> list[tuple]:
        """(weekday, slot, number) of the week's lessons."""
        found = Lesson.objects.filter(gradebook=self.book, date__gte=self.monday).order_by("date", "slot")
        return [(one.date.weekday(), one.slot, one.number) for one in found]

    def door(self, person=None):
        return door_of(Gradebook.objects.get(pk=self.book.pk), person or self.teacher, today())
