"""What is typed and chosen at the change of the year → clean values."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import SchoolClass
from accounts.models.rollover import Outcome
from accounts.models.school import parse_class_name
from accounts.rollover.classes import GoingOn
from accounts.rollover.pupils import LEAVING_WORDS, Choice, Preview, Row
from eios.lib.date_input import date_input

# The state's exam after grade 9 ends the basic school, wherever the school's highest grade is.
BASIC_SCHOOL = 9


def _day(label: str = "", **fields) -> forms.DateField:
    widget = date_input()
    return forms.DateField(label=label, widget=widget, **fields)


class StartForm(forms.Form):
    """From which year; the days of the next one, where it is still to be opened."""

    year = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    starts = _day("Новый год начинается", required=False)
    ends = _day("и кончается", required=False)

    def __init__(self, *args, years: Iterable, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {one.pk: one for one in years}
        self.fields["year"].choices = [(key, str(one)) for key, one in self.by_key.items()]

    @property
    def chosen(self):
        """The year that ends. Call it on a valid form."""
        return self.by_key[self.cleaned_data["year"]]

    @property
    def days(self) -> dict[str, datetime.date | None]:
        return {name: self.cleaned_data[name] for name in ("starts", "ends")}


class TermsForm(forms.Form):
    """When the orders work and what they rest on."""

    promotion_on = _day("Перевод действует с", help_text="Обычно первый день нового учебного года.")
    graduation_on = _day("Выпуск действует с", help_text="С этого дня учётные записи выпускников закрыты.")
    leaving_on = _day(
        "Выбытие действует с", help_text="Для тех, кто закончил год и уходит; с этого дня учётные записи закрыты."
    )
    basis = forms.CharField(
        label="Основание приказов", required=False, max_length=500,
        help_text="Решение педагогического совета, номер и дата.",
    )  # fmt: skip


class ClassesForm(forms.Form):
    """Names of the next year's classes, one beside each class of this year, and other ones in a line."""

    new = forms.CharField(
        label="Новые классы", required=False, max_length=400, help_text="Через запятую: 1А, 1Б. Первые классы — сюда."
    )

    def __init__(self, *args, going_on: Iterable[GoingOn], **kwargs):
        super().__init__(*args, **kwargs)
        self.going_on = {f"next_{one.school_class.pk}": one for one in going_on}
        for name, one in self.going_on.items():
            self.fields[name] = forms.CharField(
                label=f"{one.school_class} идёт дальше как", required=False, max_length=20, initial=one.name,
                widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
            )  # fmt: skip

    def lines(self) -> Iterator[tuple[GoingOn, forms.BoundField]]:
        for name, one in self.going_on.items():
            yield one, self[name]

    def clean(self) -> dict:
        values = super().clean()
        for name in self.going_on:
            if text := values.get(name, "").strip():
                self._check(name, text)
        for text in self._listed():
            self._check("new", text)
        return values

    def _check(self, field: str, text: str) -> None:
        try:
            parse_class_name(text)
        except ValidationError as error:
            self.add_error(field, error)

    def _listed(self) -> list[str]:
        return [part.strip() for part in self.cleaned_data.get("new", "").split(",") if part.strip()]

    @property
    def names(self) -> dict[SchoolClass, str]:
        """A class → the name of its next one; empty where it is left out. Call it on a valid form.

        A class that the page did not show, since it was opened meanwhile, is not spoken of.
        """
        return {one.school_class: self.cleaned_data[name] for name, one in self.going_on.items() if name in self.data}

    @property
    def new_names(self) -> list[str]:
        return self._listed()


@dataclass(frozen=True)
class Line:
    """A pupil of the form with the two fields about him; neither where nothing is left to decide."""

    row: Row
    outcome: forms.BoundField | None = None
    remark: forms.BoundField | None = None


class DecisionsForm(forms.Form):
    """The outcomes of one class: for each pupil one choice and a few words. `seen` tells a stale page."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, preview: Preview, school_class: SchoolClass, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = preview.rows
        groups = _groups(preview, school_class)
        self._choices = {key: choice for _, group in groups for key, (choice, _) in group.items()}
        options = [(title, [(key, label) for key, (_, label) in group.items()]) for title, group in groups]
        for row in preview.open_rows:
            self._add(row, [("", "не решено"), *options])

    def _add(self, row: Row, options: list) -> None:
        choice = row.choice
        select = forms.Select(attrs={"class": "plain-select"})
        words = forms.TextInput(attrs={"class": "input", "autocomplete": "off", "placeholder": "Куда, примечание"})
        self.fields[f"outcome_{row.pupil.pk}"] = forms.ChoiceField(
            label=f"Итог года: {row.pupil}", choices=options, required=False, initial=_key(choice), widget=select,
        )  # fmt: skip
        self.fields[f"remark_{row.pupil.pk}"] = forms.CharField(
            label=f"Куда или примечание: {row.pupil}", required=False, max_length=300, initial=choice.remark,
            widget=words,
        )  # fmt: skip

    def lines(self) -> Iterator[Line]:
        for row in self.rows:
            name = f"outcome_{row.pupil.pk}"
            yield Line(row, self[name], self[f"remark_{row.pupil.pk}"]) if name in self.fields else Line(row)

    @property
    def choices(self) -> dict[int, Choice]:
        """Key of the pupil → what was chosen. Call it on a valid form."""
        found = {}
        for row in self.rows:
            key = self.cleaned_data.get(f"outcome_{row.pupil.pk}")
            if key is not None and f"outcome_{row.pupil.pk}" in self.data:
                chosen = self._choices.get(key, Choice())
                remark = " ".join(self.cleaned_data[f"remark_{row.pupil.pk}"].split())
                found[row.pupil.pk] = Choice(chosen.outcome, chosen.next_class, remark)
        return found


Group = tuple[str, dict[str, tuple[Choice, str]]]


def _key(choice: Choice) -> str:
    if choice.outcome == Outcome.UNDECIDED:
        return ""
    return f"{choice.outcome}-{choice.next_class.pk}" if choice.next_class else choice.outcome


def _groups(preview: Preview, school_class: SchoolClass) -> list[Group]:
    """What may be chosen for a pupil of the class, by group: the class that goes on comes first."""
    titles = {
        Outcome.PROMOTED: ("Переводится", "переведён в"),
        Outcome.CONDITIONAL: ("Переводится условно", "условно в"),
        Outcome.REPEATS: ("Остаётся на повторный год", "повторно в"),
    }
    usual = preview.going_on[school_class.pk]
    groups: list[Group] = []
    for outcome, (title, words) in titles.items():
        targets = sorted(preview.targets(school_class, outcome), key=lambda one: one != usual)
        choices = [(Choice(outcome, one), f"{words} {one}") for one in targets]
        groups.append((title, {_key(choice): (choice, label) for choice, label in choices}))
    leaving = dict(LEAVING_WORDS)
    if not preview.is_last_grade(school_class) and school_class.grade < BASIC_SCHOOL:
        del leaving[Outcome.GRADUATES]
    groups.append(("Выбывает", {outcome: (Choice(outcome), label) for outcome, label in leaving.items()}))
    return [group for group in groups if group[1]]
