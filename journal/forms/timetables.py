"""Editions of the timetable, a lesson of the week, a file → clean values."""

import datetime

from django import forms

from accounts.forms.files import TableFileField
from accounts.forms.seen import SeenMixin
from accounts.models import AcademicYear, SchoolClass
from accounts.staff import employed
from eios.lib.date_input import date_input
from journal import editions
from journal.forms.load import TeacherField
from journal.models import Room, Timetable, TimetableLine, Weekday
from journal.timetable_plan import read_rows

HOUR = ("weekday", "number")


class BeginForm(forms.ModelForm):
    """A new edition: empty, or a copy."""

    like = forms.ModelChoiceField(
        Timetable.objects.none(), label="Взять уроки из", required=False, empty_label="ниоткуда: пустое",
    )  # fmt: skip

    class Meta:
        model = Timetable
        fields = ["starts", "basis"]
        widgets = {"starts": date_input()}

    def __init__(self, *args, year: AcademicYear, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.year = year
        self.fields["like"].queryset = Timetable.objects.filter(year=year).order_by("-starts", "-pk")


class LineForm(SeenMixin, forms.ModelForm):
    """A lesson of a class's week."""

    teacher = TeacherField(label="Учитель", required=False, help_text="Пусто — тот, у кого этот журнал в нагрузке.")

    class Meta:
        model = TimetableLine
        fields = ["weekday", "number", "gradebook", "week", "teacher", "room"]

    def __init__(self, *args, school_class: SchoolClass, date: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        books = editions.books_of(school_class)
        self.fields["gradebook"].label = "Предмет"
        self.fields["gradebook"].queryset = self.fields["gradebook"].queryset.filter(pk__in=[one.pk for one in books])
        self.fields["gradebook"].choices = [("", "выберите"), *((one.pk, editions.called(one)) for one in books)]
        self.fields["room"].queryset = Room.objects.filter(is_active=True)
        self.fields["room"].empty_label = "без кабинета"
        self.fields["teacher"].queryset = employed(date)
        self._tell_busy()

    def _tell_busy(self) -> None:
        """Who and what is taken at the hour that the form was opened for."""
        hour = TimetableLine(pk=self.instance.pk, timetable=self.instance.timetable)
        hour.weekday, hour.number = (_whole(self.get_initial_for_field(self.fields[one], one)) for one in HOUR)
        for name, taken in zip(("teacher", "room"), editions.busy(hour), strict=True):
            self.fields[name].label_from_instance = _labelled(self.fields[name].label_from_instance, taken)
        if hour.weekday in Weekday.values and hour.number is not None:
            when = f"{Weekday(hour.weekday).label}, {hour.number}-й урок"
            self.fields["room"].help_text = f"Кто и что занято, сказано на {when}."


def _whole(value) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None


def _labelled(label, taken: dict[int, str]):
    return lambda row: f"{label(row)} — занято: {taken[row.pk]}" if row.pk in taken else label(row)


class TimetableFileForm(forms.Form):
    """A table of the week: whatever else is refused at once, and kept nowhere."""

    file = TableFileField("timetable", read_rows, label="Файл расписания")
