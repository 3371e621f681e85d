"""A schedule of bells with all its rows → clean values."""

import datetime

from django import forms

from accounts.forms.seen import SeenMixin
from accounts.marks import Seen
from accounts.models import AcademicYear
from eios.lib.date_input import date_input
from journal import bells
from journal.models import BellSchedule
from journal.models.timetables import LAST_NUMBER

NUMBERS = range(LAST_NUMBER + 1)


def time_input(label: str) -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "aria-label": label})


class BellsForm(SeenMixin, forms.ModelForm):
    """Rows of lessons from 0; an empty row is a lesson that there is not."""

    class Meta:
        model = BellSchedule
        fields = ["name", "grade_from", "grade_to", "weekday", "date"]
        widgets = {"date": date_input()}
        help_texts = {
            "weekday": "Пусто — все дни.",
            "date": "Сокращённый день. Расписание одной даты сильнее дня недели, дня недели — сильнее обычного.",
        }

    def __init__(self, *args, year: AcademicYear, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.year_id is None:
            self.instance.year = year
        self.fields["weekday"].choices = [("", "все дни"), *self.fields["weekday"].choices[1:]]
        held = {one.number: one for one in self.instance.bells.all()} if self.instance.pk else {}
        for number in NUMBERS:
            for name, label in (("starts", "начало"), ("ends", "конец")):
                words = f"{number}-й урок, {label}"
                field = forms.TimeField(label=words, required=False, widget=time_input(words))
                self.fields[f"{name}_{number}"] = field
                self.initial[f"{name}_{number}"] = getattr(held.get(number), name, None)

    def seen_now(self, fields: tuple[str, ...]) -> Seen:
        return bells.seen_of_schedule(self.instance)

    def rows(self) -> list[tuple[int, forms.BoundField, forms.BoundField]]:
        return [(number, self[f"starts_{number}"], self[f"ends_{number}"]) for number in NUMBERS]

    def head(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields]

    def clean(self):
        values = super().clean()
        for number in NUMBERS:
            names = (f"starts_{number}", f"ends_{number}")
            given = [values.get(name) for name in names]
            if any(given) and not all(given) and not any(name in self.errors for name in names):
                self.add_error(names[0] if given[0] is None else names[1], f"{number}-й урок: укажите начало и конец.")
        return values

    def times(self) -> list[tuple[int, datetime.time, datetime.time]]:
        found = [(number, self.cleaned_data[f"starts_{number}"], self.cleaned_data[f"ends_{number}"])
                 for number in NUMBERS]  # fmt: skip
        return [row for row in found if row[1]]
