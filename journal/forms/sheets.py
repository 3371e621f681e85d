"""Yearly sheets: what is chosen and typed → clean values (7.3)."""

from django import forms

from accounts.models import AcademicYear, SchoolClass
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm
from journal.models import ResultKind, SheetColumn, SheetLayout
from resources.models import Subject

ROWS = [
    (ResultKind.TERM.value, "периоды (четверти, триместры, полугодия)"), (ResultKind.YEAR.value, "год"),
    (ResultKind.EXAM.value, "экзамен"), (ResultKind.FINAL.value, "итог"),
]  # fmt: skip
LONGEST_SHORT = 60


class YearFilterForm(FilterForm):
    """Which year; without a choice the one of today."""

    year = forms.ModelChoiceField(AcademicYear.objects.all(), label="Учебный год", required=False, empty_label=None)

    def __init__(self, *args, years=None, **kwargs):
        super().__init__(*args, **kwargs)
        if years is not None:
            self.fields["year"].queryset = years


class ArchiveFilterForm(FilterForm):
    q = forms.CharField(label="Класс или номер", required=False, max_length=40)
    year = forms.ModelChoiceField(AcademicYear.objects.all(), label="Учебный год", required=False, empty_label="все")


class LayoutForm(forms.Form):
    """A new version of the layout. Subjects are typed line by line: «Русский язык = Рус. яз.»."""

    title = forms.CharField(label="Заголовок", max_length=200)
    paper = forms.ChoiceField(label="Лист", choices=SheetLayout.Paper.choices)
    rows = forms.MultipleChoiceField(
        label="Строки каждого обучающегося", choices=ROWS, widget=forms.CheckboxSelectMultiple
    )
    columns = forms.MultipleChoiceField(
        label="Графы после предметов", choices=SheetColumn.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    signatures = forms.CharField(
        label="Подписи", max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Кто подписывает, по одному на строке. Имена классного руководителя и директора портал поставит сам.",
    )  # fmt: skip
    subjects = forms.CharField(
        label="Порядок и короткие названия предметов", required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="По одному на строке: «Русский язык = Рус. яз.» или только название. Остальные предметы встанут "
        "после них в обычном порядке.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def clean_subjects(self) -> list[list]:
        known = {subject.name.casefold(): subject.pk for subject in Subject.objects.all()}
        found: list[list] = []
        for number, line in enumerate(self.cleaned_data["subjects"].splitlines(), 1):
            name, _, short = map(str.strip, line.partition("="))
            if not name:
                continue
            key = known.get(name.casefold())
            if key is None:
                raise forms.ValidationError(f"Строка {number}: предмета «{name[:60]}» на портале нет.")
            if len(short) > LONGEST_SHORT:
                raise forms.ValidationError(f"Строка {number}: короткое название длиннее {LONGEST_SHORT} знаков.")
            if any(key == one for one, _ in found):
                raise forms.ValidationError(f"Строка {number}: предмет «{name[:60]}» уже назван.")
            found.append([key, short])
        return found

    def values(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @staticmethod
    def initial_of(layout: SheetLayout) -> dict:
        names = dict(Subject.objects.filter(pk__in=[key for key, _ in layout.subjects]).values_list("pk", "name"))
        lines = [f"{names[key]} = {short}" if short else names[key] for key, short in layout.subjects if key in names]
        return {
            "title": layout.title, "paper": layout.paper, "rows": layout.rows, "columns": layout.columns,
            "signatures": layout.signatures, "subjects": "\n".join(lines), "seen": layout.version,
        }  # fmt: skip


class NotesForm(forms.Form):
    """Two fields for each pupil of the content; the minutes only where no confirmed council has them."""

    number = forms.CharField(label="Протокол №", max_length=40, required=False)
    date = forms.DateField(label="Дата протокола", required=False, widget=date_input())

    def __init__(self, *args, people: list[tuple[int, str]], school_class: SchoolClass, has_minutes: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.people, self.school_class = people, school_class
        if has_minutes:
            del self.fields["number"], self.fields["date"]
        for key, name in people:
            self.fields[f"behaviour_{key}"] = _words(f"Поведение: {name}", 40)
            self.fields[f"decision_{key}"] = _words(f"Решение: {name}", 120)

    def clean(self) -> dict:
        values = super().clean()
        number, date = values.get("number"), values.get("date")
        if bool(number) != bool(date) and not self.errors:
            self.add_error("date" if number else "number", "У протокола есть и номер, и дата.")
        if date and not self.school_class.year.starts <= date:
            self.add_error("date", "Протокол не может быть раньше начала учебного года.")
        return values

    @property
    def lines(self) -> list[tuple]:
        return [(name, self[f"behaviour_{key}"], self[f"decision_{key}"]) for key, name in self.people]

    def notes(self) -> dict[int, tuple[str, str]]:
        values = self.cleaned_data
        return {key: (values[f"behaviour_{key}"], values[f"decision_{key}"]) for key, _ in self.people}

    def minutes(self) -> tuple | None:
        return (self.cleaned_data["number"], self.cleaned_data["date"]) if "number" in self.fields else None


def _words(label: str, longest: int) -> forms.CharField:
    field = forms.CharField(label=label, max_length=longest, required=False)
    field.widget.attrs["aria-label"] = label
    return field


class ArchiveForm(forms.Form):
    """Agreement to freeze what was seen; a sheet given instead of another has a reason."""

    reason = forms.CharField(
        label="Почему выдаётся взамен", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Останется в архиве рядом с ведомостью.",
    )  # fmt: skip
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, is_again: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_again:
            del self.fields["reason"]


class AllForm(forms.Form):
    archives = forms.BooleanField(
        label="Сдать в архив классы, чьих ведомостей там ещё нет", required=False,
        help_text="Без этого они попадут в ZIP как проекты, без номера.",
    )  # fmt: skip
