"""A day of the timetable: its filters, a lesson replaced, cancelled, moved, put in → clean values."""

import datetime

from django import forms

from accounts.models import SchoolClass, User
from accounts.staff import employed
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm
from journal import changes, editions
from journal.changes import Day, DayLesson, Groups, Place
from journal.forms.gradebooks import named
from journal.forms.load import TeacherField
from journal.models import Gradebook, Room
from journal.models.timetables import LAST_NUMBER


class DayForm(FilterForm):
    date = forms.DateField(label="День", required=False, widget=date_input())
    school_class = forms.ChoiceField(label="Класс", required=False)
    teacher = forms.ChoiceField(label="Кого нет", required=False)

    def __init__(self, *args, classes, teachers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = named(classes, "все классы")
        self.fields["teacher"].choices = [("", "не выбран"), *((one.pk, one.get_full_name()) for one in teachers)]

    @property
    def is_narrowed(self) -> bool:
        return any(self.values()[name] for name in ("school_class", "teacher"))


class DateForm(FilterForm):
    """The day alone: classes and teachers to choose from are those of the day."""

    date = forms.DateField(required=False)


class ReasonForm(forms.Form):
    """Why; `seen` is the mark of the lesson that was shown."""

    reason = forms.CharField(
        label="Причина", required=False, max_length=200,
        help_text="Например: болезнь учителя. Для прошедшего дня — обязательно.",
    )  # fmt: skip
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    field_order = ("date", "number", "gradebook", "teacher", "room", "reason", "seen")

    def __init__(self, *args, mark: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.mark = mark
        self.initial["seen"] = mark

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())

    def clean(self):
        values = super().clean()
        if self.mark and values.get("seen") != self.mark:
            self.add_error(None, changes.STALE)
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self.mark
        return values


class RoomField(forms.ModelChoiceField):
    def __init__(self, **options):
        super().__init__(Room.objects.filter(is_active=True), label="Кабинет", required=False, **options)


class GivenForm(ReasonForm):
    """Who gives a lesson and where; the free are offered first."""

    teacher = TeacherField(label="Учитель", required=False)
    room = RoomField()

    def offer(self, day: Day, place: Place, teacher: User | None, room: Room | None) -> None:
        """Choices of the hour; the empty one says what holds without a choice."""
        self.fields["teacher"].queryset = employed(day.date)
        self.fields["teacher"].choices = _grouped(
            f"как обычно: {teacher.get_full_name()}" if teacher else "по нагрузке", changes.teachers_for(day, place)
        )
        self.fields["room"].choices = _grouped(
            f"как обычно: {room}" if room else "не указан", changes.rooms_for(day, place)
        )


def _grouped(empty: str, groups: Groups) -> list:
    return [("", empty), *groups]


class ReplaceForm(GivenForm):
    def __init__(self, *args, day: Day, lesson: DayLesson, **kwargs):
        super().__init__(*args, mark=lesson.mark, **kwargs)
        self.offer(day, lesson.place, lesson.usual_teacher, lesson.usual_room)
        if lesson.change:
            self.initial |= {"teacher": lesson.change.teacher_id, "room": lesson.change.room_id}


class WhereForm(GivenForm):
    """To which day and hour."""

    date = forms.DateField(label="На какой день", widget=date_input())
    number = forms.IntegerField(label="На какой урок", min_value=0, max_value=LAST_NUMBER)


class MoveForm(WhereForm):
    """Teacher and room stay unless others are named; who is free there is checked when it is sent."""

    def __init__(self, *args, lesson: DayLesson, **kwargs):
        super().__init__(*args, mark=lesson.mark, **kwargs)
        self.initial |= {"date": lesson.date}
        self.fields["teacher"].queryset = employed(lesson.date)
        self.fields["teacher"].empty_label = "тот же"
        self.fields["room"].empty_label = "тот же"


class AddForm(GivenForm):
    """A lesson more; once the number is known, the free of that hour come first."""

    number = forms.IntegerField(label="Который урок", min_value=0, max_value=LAST_NUMBER)
    gradebook = forms.ModelChoiceField(Gradebook.objects.none(), label="Предмет", empty_label="выберите")

    def __init__(self, *args, day: Day, school_class: SchoolClass, **kwargs):
        super().__init__(*args, **kwargs)
        books = editions.books_of(school_class)
        field = self.fields["gradebook"]
        field.queryset = Gradebook.objects.filter(pk__in=[one.pk for one in books]).listed()
        field.choices = [("", "выберите"), *((one.pk, editions.called(one)) for one in books)]
        known = {str(one.pk): one for one in books}
        book = known.get(str(self["gradebook"].value() or ""), Gradebook(school_class=school_class))
        self.offer(day, Place(book, day.date, _number(self["number"].value())), None, None)


def _number(typed) -> int:
    """-1, at which nobody is busy, of what is no number."""
    return int(typed) if str(typed or "").strip().isdecimal() else -1


def parse_day(typed: str) -> datetime.date | None:
    """The day in an address."""
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError:
        return None
