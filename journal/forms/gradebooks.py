"""Filters of the list and of a gradebook's page; which classes get gradebooks by the curriculum → clean values."""

from collections.abc import Iterable

from django import forms

from accounts.models import AcademicYear, SchoolClass
from eios.lib.filter_form import FilterForm
from journal.models import Kept


def named(rows: Iterable, empty: str) -> list[tuple[str, str]]:
    return [("", empty), *((str(one.pk), str(one)) for one in rows)]


class GradebookFilterForm(FilterForm):
    q = forms.CharField(label="Учитель", required=False, max_length=200)
    year = forms.ChoiceField(label="Учебный год", required=False)
    school_class = forms.ChoiceField(label="Класс", required=False)
    subject = forms.ChoiceField(label="Предмет", required=False)
    kept = forms.ChoiceField(
        label="Где ведётся", required=False, choices=[("", "Где угодно"), *((one.value, one.label) for one in Kept)]
    )

    def __init__(self, *args, years: Iterable[AcademicYear], classes: Iterable, subjects: Iterable, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = named(years, "Текущий")
        self.fields["school_class"].choices = named(classes, "Все классы")
        self.fields["subject"].choices = named(subjects, "Все предметы")

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.values().items() if name not in ("q", "year"))

    @property
    def selects(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "q"]


class PeriodForm(FilterForm):
    """Which term of the year; «0» is the whole year."""

    period = forms.IntegerField(required=False, min_value=0, max_value=20)

    def number(self) -> int | None:
        self.is_valid()
        return self.cleaned_data.get("period")


class OpenForm(forms.Form):
    """Classes that get gradebooks by the curriculum: one, or all of the year."""

    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label="Класс", required=False, empty_label="Все классы года"
    )

    def __init__(self, *args, year: AcademicYear, **kwargs):
        super().__init__(*args, **kwargs)
        self.classes = SchoolClass.objects.filter(year=year).select_related("year").order_by("grade", "letter")
        self.fields["school_class"].queryset = self.classes

    def chosen(self) -> list[SchoolClass]:
        found = self.cleaned_data.get("school_class")
        return [found] if found else list(self.classes)
