"""What is chosen in the addresses of reports → clean values; a wrong value is passed over, not an error."""

import datetime
from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Position, SchoolClass
from accounts.reports import book, sign_ins
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm

FIRST_DAY, LAST_DAY = datetime.date(1950, 1, 1), datetime.date(2150, 12, 31)


def _date_field(label: str) -> forms.DateField:
    widget = date_input()
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"])


def _refuse_far(date: datetime.date | None) -> datetime.date | None:
    if date and not FIRST_DAY <= date <= LAST_DAY:
        raise ValidationError("Такой даты в школе не было.")
    return date


class PeriodForm(forms.Form):
    """First and last day of a report; without them, from the beginning of the school year until today."""

    starts = _date_field("С")
    ends = _date_field("По")

    def __init__(self, *args, usual: tuple[datetime.date, datetime.date], **kwargs):
        super().__init__(*args, **kwargs)
        self.usual = usual

    def clean_starts(self) -> datetime.date | None:
        return _refuse_far(self.cleaned_data["starts"])

    def clean_ends(self) -> datetime.date | None:
        return _refuse_far(self.cleaned_data["ends"])

    def clean(self) -> dict:
        cleaned = super().clean()
        starts, ends = self._chosen()
        if starts > ends:
            self.add_error("ends", "Последний день раньше первого: показан период с начала учебного года.")
        return cleaned

    def _chosen(self) -> tuple[datetime.date, datetime.date]:
        usual_start, usual_end = self.usual
        return self.cleaned_data.get("starts") or usual_start, self.cleaned_data.get("ends") or usual_end

    def days(self) -> tuple[datetime.date, datetime.date]:
        """The chosen days, or the usual ones where something was wrong."""
        return self._chosen() if self.is_valid() else self.usual


class DateForm(forms.Form):
    """The day of a count; without it, today."""

    date = _date_field("На дату")

    def clean_date(self) -> datetime.date | None:
        return _refuse_far(self.cleaned_data["date"])

    def day(self, usual: datetime.date) -> datetime.date:
        self.is_valid()
        return self.cleaned_data.get("date") or usual


class ListFilterForm(FilterForm):
    """Filters of a list of people; in the address."""

    q = forms.CharField(label="Поиск по имени", required=False, max_length=200)
    whole = forms.BooleanField(label="Всех на одной странице", required=False)


class SignInFilterForm(ListFilterForm):
    group = forms.ChoiceField(
        label="Кто", required=False, choices=[(code, title) for code, (title, _) in sign_ins.GROUPS.items()]
    )
    school_class = forms.ChoiceField(label="Класс", required=False)
    position = forms.ChoiceField(label="Должность", required=False)
    slip = forms.ChoiceField(label="Листок", required=False, choices=[("", "Все"), *sign_ins.SLIPS.items()])

    def __init__(self, *args, classes: Iterable[SchoolClass], positions: Iterable[Position], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = [("", "Все классы"), *[(str(one.pk), one.name) for one in classes]]
        self.fields["position"].choices = [("", "Все должности"), *[(str(one.pk), one.name) for one in positions]]


class BookFilterForm(ListFilterForm):
    letter = forms.ChoiceField(label="Буква", required=False)
    state = forms.ChoiceField(
        label="Состояние", required=False, choices=[("", "Все"), (book.HERE, "Учатся"), (book.GONE, "Выбыли")]
    )

    def __init__(self, *args, letters: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["letter"].choices = [("", "Вся книга"), *[(letter, letter) for letter in letters]]
