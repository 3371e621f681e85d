"""What is typed about councils → clean values."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms

from accounts.models import AcademicYear, SchoolClass
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm
from journal.attestation.councils import SHOWN, TITLES, PupilLine
from journal.models import Gradebook, Result, ResultKind, Scale

RESULTS = [("", "—"), ("5", "5"), ("4", "4"), ("3", "3"), ("2", "2"), ("н/а", "н/а"), ("осв", "осв")]
PASSES = [("", "—"), ("зач", "зач"), ("нзч", "нзч"), ("н/а", "н/а"), ("осв", "осв")]


def result_choices(gradebook: Gradebook, initial: str) -> list[tuple[str, str]]:
    choices = PASSES if gradebook.scale == Scale.PASS else RESULTS
    return choices if initial in dict(choices) else [*choices, (initial, initial)]


class CouncilForm(forms.Form):
    """On what, and about which classes."""

    what = forms.ChoiceField(label="Итоги")
    date = forms.DateField(label="День педсовета", required=False, widget=date_input())
    classes = forms.ModelMultipleChoiceField(
        SchoolClass.objects.none(), label="Классы", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы один класс."},
    )  # fmt: skip

    def __init__(self, *args, year: AcademicYear, terms: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(f"{ResultKind.TERM}-{number}", name) for number, name in enumerate(terms, 1)]
        self.fields["what"].choices = [*choices, (f"{ResultKind.YEAR}-0", "Год")]
        self.fields["classes"].queryset = year.classes.order_by("grade", "letter")

    @property
    def kind(self) -> str:
        return self.cleaned_data["what"].split("-")[0]

    @property
    def number(self) -> int:
        return int(self.cleaned_data["what"].split("-")[1])


class BookFilterForm(FilterForm):
    """Which gradebooks the page of a council shows."""

    show = forms.ChoiceField(label="Показать", required=False, choices=list(SHOWN.items()))
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label="Класс", required=False, empty_label="Все классы"
    )

    def __init__(self, *args, classes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes


# Results that an average proposes.
AVERAGED = (ResultKind.TERM, ResultKind.YEAR)


@dataclass(frozen=True)
class Row:
    line: PupilLine
    fields: list[forms.BoundField]


class ProposalForm(forms.Form):
    """Results of one gradebook for a council: a choice for every pupil and kind. `seen` tells a stale page.

    `fills`: what the averages propose stands in the empty choices of the term or the year, until somebody saves it.
    """

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, gradebook: Gradebook, kinds, lines: list[PupilLine], fills: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds, self.pupils = kinds, lines
        for line in lines:
            for kind in kinds:
                value = line.value(kind)
                self.fields[self._name(line, kind)] = forms.ChoiceField(
                    label=f"{TITLES.get(kind, 'Результат')}: {line.pupil}", required=False,
                    initial=value or (line.proposed if fills and kind in AVERAGED else ""),
                    choices=result_choices(gradebook, value), widget=forms.Select(attrs={"class": "plain-select"}),
                )  # fmt: skip

    @staticmethod
    def _name(line: PupilLine, kind: str) -> str:
        return f"result_{line.pupil.pk}_{ResultKind(kind).value}"

    def lines(self) -> Iterator[Row]:
        for line in self.pupils:
            yield Row(line, [self[self._name(line, kind)] for kind in self.kinds])

    @property
    def wanted(self) -> dict[tuple[int, str], str]:
        """(Key of the pupil, kind) → value, of those whom the page showed. Call it on a valid form."""
        found = {}
        for line in self.pupils:
            for kind in self.kinds:
                name = self._name(line, kind)
                if name in self.data:
                    found[line.pupil.pk, ResultKind(kind).value] = self.cleaned_data[name]
        return found


class MinutesForm(forms.Form):
    """By which minutes the council has confirmed."""

    minutes_number = forms.CharField(label="Протокол №", max_length=40)
    minutes_date = forms.DateField(label="Дата протокола", widget=date_input())


class ResultChangeForm(forms.Form):
    """Another value of a confirmed result, and why."""

    def __init__(self, *args, result: Result, **kwargs):
        super().__init__(*args, **kwargs)
        choices = result_choices(result.gradebook, result.value)
        self.fields["value"] = forms.ChoiceField(label="Результат", choices=choices, initial=result.value)
        self.fields["reason"] = forms.CharField(
            label="Почему меняется", max_length=300, help_text="Останется в журнале аудита."
        )
