"""What is typed about state exams → clean values."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.core import signing

from accounts.models import User
from eios.lib import tables
from eios.lib.date_input import date_input
from journal.attestation import exams
from journal.models import StateExam
from resources.models import Subject

SALT, DAY = "journal.exams", 24 * 60 * 60
MARKS = [("", "—"), ("5", "5"), ("4", "4"), ("3", "3"), ("2", "2")]


class WhichExamForm(forms.Form):
    """The exam whose results are typed: they stand in the address."""

    subject = forms.ModelChoiceField(Subject.objects.all(), label="Предмет", empty_label="выберите")
    date = forms.DateField(label="День экзамена", widget=date_input())
    is_retake = forms.BooleanField(label="Пересдача", required=False)


@dataclass(frozen=True)
class Row:
    pupil: User
    score: forms.BoundField
    mark: forms.BoundField


class ExamForm(forms.Form):
    """Scores and marks of one exam, pupil by pupil. `seen` tells a stale page."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, pupils: list[User], there: dict[int, StateExam], **kwargs):
        super().__init__(*args, **kwargs)
        self.pupils = pupils
        for one in pupils:
            row = there.get(one.pk)
            self.fields[f"score_{one.pk}"] = forms.IntegerField(
                label=f"Первичный балл: {one}", required=False, min_value=0, max_value=100,
                initial=row.score if row else None, widget=forms.NumberInput(attrs={"class": "input"}),
            )  # fmt: skip
            self.fields[f"mark_{one.pk}"] = forms.TypedChoiceField(
                label=f"Отметка: {one}", choices=MARKS, required=False, coerce=int, empty_value=None,
                initial=str(row.mark) if row else "", widget=forms.Select(attrs={"class": "plain-select"}),
            )  # fmt: skip

    def clean(self) -> dict:
        values = super().clean()
        for one in self.pupils:
            if values.get(f"score_{one.pk}") is not None and not values.get(f"mark_{one.pk}"):
                self.add_error(f"mark_{one.pk}", "Есть балл — нужна отметка.")
        return values

    def lines(self) -> Iterator[Row]:
        for one in self.pupils:
            yield Row(one, self[f"score_{one.pk}"], self[f"mark_{one.pk}"])

    @property
    def wanted(self) -> dict[int, tuple[int | None, int | None]]:
        """Call it on a valid form."""
        shown = [one.pk for one in self.pupils if f"mark_{one.pk}" in self.data]
        return {key: (self.cleaned_data[f"score_{key}"], self.cleaned_data[f"mark_{key}"]) for key in shown}


class ExamFileForm(forms.Form):
    """A table of results; it is read here, and is not kept."""

    file = forms.FileField(
        label="Таблица",
        help_text="Столбцы: фамилия, имя, отчество; предмет; дата; отметка. Могут быть: класс, первичный балл, "
        "пересдача. XLSX, XLS, ODS или CSV.",
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > tables.MOST_BYTES:
            raise forms.ValidationError("Файл слишком велик для таблицы результатов.")
        try:
            self.rows = exams.read(upload.read())
        except tables.TableError as error:
            raise forms.ValidationError(str(error)) from error
        if not self.rows:
            raise forms.ValidationError("Под заголовками нет ни одной строки.")
        return upload


class ExamConfirmForm(forms.Form):
    """The rows that were shown, under our signature: what is confirmed is what was seen."""

    rows = forms.CharField(widget=forms.HiddenInput, strip=False)

    @staticmethod
    def sealed(rows: list[list]) -> str:
        return signing.dumps(rows, salt=SALT, compress=True)

    def clean_rows(self) -> list[list]:
        try:
            return signing.loads(self.cleaned_data["rows"], salt=SALT, max_age=DAY)
        except (signing.BadSignature, json.JSONDecodeError) as error:
            raise forms.ValidationError("Загрузите файл ещё раз.") from error
