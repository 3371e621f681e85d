"""What is typed about interim attestation and retakes → clean values."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms

from accounts.models import AcademicYear, SchoolClass, User
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm
from journal.attestation import debts
from journal.attestation.schedule import Line
from journal.models import InterimAssessment, Retake
from journal.models.attestation import MISSED

CODES = [
    ("", "—"), ("5", "5"), ("4", "4"), ("3", "3"), ("2", "2"), ("зач", "зачёт"), ("нзч", "незачёт"),
    ("осв", "освобождён"), (MISSED, "не явился"),
]  # fmt: skip


def code_field(label: str, initial: str, **fields) -> forms.ChoiceField:
    """A result of attestation, «не явился» among them; one that stands there is always among the choices."""
    choices = CODES if initial in dict(CODES) else [*CODES, (initial, initial)]
    widget = forms.Select(attrs={"class": "plain-select"})
    return forms.ChoiceField(label=label, choices=choices, required=False, initial=initial, widget=widget, **fields)


class YearFilterForm(FilterForm):
    """Which school year a page shows; by default the one of today."""

    year = forms.ModelChoiceField(AcademicYear.objects.all(), label="Учебный год", required=False)


class ScheduleForm(forms.Form):
    """Forms and days of a class's attestations."""

    def __init__(self, *args, lines: list[Line], **kwargs):
        super().__init__(*args, **kwargs)
        self.schedule = lines
        for line in lines:
            row = line.assessment
            label = str(row.gradebook.subject)
            self.fields[f"form_{row.pk}"] = forms.CharField(
                label=f"Форма: {label}", max_length=80, initial=row.form,
                widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
            )  # fmt: skip
            widget = date_input()
            widget.attrs["class"] = "input"
            self.fields[f"date_{row.pk}"] = forms.DateField(
                label=f"День: {label}", required=False, initial=row.date, widget=widget
            )

    def lines(self) -> Iterator[tuple[Line, forms.BoundField, forms.BoundField]]:
        for line in self.schedule:
            yield line, self[f"form_{line.assessment.pk}"], self[f"date_{line.assessment.pk}"]

    @property
    def wanted(self) -> dict[int, tuple[str, datetime.date | None]]:
        """Call it on a valid form."""
        keys = [line.assessment.pk for line in self.schedule]
        return {key: (self.cleaned_data[f"form_{key}"], self.cleaned_data[f"date_{key}"]) for key in keys}


def _commission(people) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        people, label="Комиссия", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Список работников изменился: отметьте комиссию заново."},
    )  # fmt: skip


class AssessmentForm(forms.Form):
    """The form, the day and the commission of one attestation."""

    form = forms.CharField(label="Форма", max_length=80)
    date = forms.DateField(label="День", required=False, widget=date_input())

    def __init__(self, *args, assessment: InterimAssessment, people, **kwargs):
        commission = assessment.commission.all()
        initial = {"form": assessment.form, "date": assessment.date, "commission": commission}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["commission"] = _commission(people)


class RetakeForm(forms.Form):
    """When a debt is retaken, and before whom."""

    date = forms.DateField(label="День", widget=date_input())
    note = forms.CharField(
        label="Примечание", required=False, max_length=300,
        help_text="Если день позже года со дня задолженности — какое время не считается.",
    )  # fmt: skip

    def __init__(self, *args, people, retake: Retake | None = None, **kwargs):
        initial = {}
        if retake:
            initial = {"date": retake.date, "note": retake.note, "commission": retake.commission.all()}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["commission"] = _commission(people)


class RetakeResultForm(forms.Form):
    """The result of a retake."""

    def __init__(self, *args, retake: Retake, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("Результат", retake.code, help_text="Прочерк убирает внесённый результат.")


@dataclass(frozen=True)
class Row:
    """A pupil and the field of the result."""

    pupil: User
    field: forms.BoundField


class ResultsForm(forms.Form):
    """Results of one attestation: a choice for every pupil. `seen` tells a stale page."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, pupils: list[User], codes: dict[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.pupils = pupils
        for one in pupils:
            self.fields[f"result_{one.pk}"] = code_field(f"Результат: {one}", codes.get(one.pk, ""))

    def lines(self) -> Iterator[Row]:
        for one in self.pupils:
            yield Row(one, self[f"result_{one.pk}"])

    @property
    def codes(self) -> dict[int, str]:
        """Key of the pupil → code, of those whom the page showed. Call it on a valid form."""
        return {one.pk: self.cleaned_data[name] for one in self.pupils if (name := f"result_{one.pk}") in self.data}


class DebtFilterForm(FilterForm):
    """Filters of the board of debts."""

    q = forms.CharField(label="Обучающийся", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=list(debts.STATES.items()))
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label="Класс", required=False, empty_label="Все классы"
    )

    def __init__(self, *args, classes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes
        self.fields["school_class"].label_from_instance = lambda one: f"{one.name}, {one.year}"
