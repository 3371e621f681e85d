"""What is typed, chosen and loaded around registration sheets → clean values (9.5)."""

from django import forms

from accounts.forms.files import StoredFileField
from accounts.importing import typed
from accounts.importing.cleaning import Record
from accounts.importing.columns import COLUMNS, PARENTS, Kind
from accounts.importing.plan import layout_of
from accounts.models import RegistrationSheet, SchoolClass, SheetRow, User
from eios.lib import tables
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm

State, Credentials = RegistrationSheet.State, RegistrationSheet.Credentials
_TITLES = {column.key: column for column in COLUMNS[Kind.PUPILS]}


class TableForm(forms.Form):
    """A file with a table that has the needed headings: whatever else is refused at once, and kept nowhere."""

    file = StoredFileField(
        "registration", label="Файл с таблицей", help_text="XLSX, XLS, ODS или CSV, не больше 20 МБ."
    )

    def __init__(self, *args, kind: str, school_class: SchoolClass | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.layout = layout_of(kind, school_class)

    def clean_file(self):
        upload = self.cleaned_data["file"]
        try:
            table = tables.locate(tables.read(upload.read()), self.layout)
        except tables.TableError as error:
            raise forms.ValidationError(str(error)) from error
        if not table.rows:
            raise forms.ValidationError("Под заголовками нет ни одной строки.")
        upload.seek(0)
        return upload


class ConfirmForm(forms.Form):
    """The plan that was seen."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class SheetRowForm(forms.Form):
    """A pupil and the representatives. The same checks as for a file; what is odd is in `warnings`."""

    surname = forms.CharField(label="Фамилия", max_length=80)
    name = forms.CharField(label="Имя", max_length=80)
    patronymic = forms.CharField(label="Отчество", max_length=80, required=False)
    birth_date = forms.DateField(label="Дата рождения", widget=date_input())
    file_number = forms.CharField(label="№ личного дела", max_length=30, required=False)
    phone = forms.CharField(label="Телефон", max_length=40, required=False)
    email = forms.CharField(label="E-mail", max_length=254, required=False)
    note = forms.CharField(label="Примечание", max_length=300, required=False)

    def __init__(self, *args, sheet: RegistrationSheet, row: SheetRow | None = None, asker: User, date, **kwargs):
        kwargs.setdefault("initial", typed.cells_of(row) if row else {})
        super().__init__(*args, **kwargs)
        self.sheet, self.row, self.asker, self.date = sheet, row, asker, date
        self.record: Record | None = None
        for code in PARENTS:
            for part in ("name", "phone", "email", "document"):
                self.fields[f"{code}_{part}"] = forms.CharField(
                    label=_label(part), max_length=300, required=False,
                    help_text=_TITLES[f"{code}_{part}"].says if part == "document" else "",
                )  # fmt: skip

    @property
    def pupil_fields(self) -> list:
        return [self[name] for name in self.base_fields]

    @property
    def parent_groups(self) -> list[tuple[str, list]]:
        """(«Мать», its fields) and so on."""
        parts = ("name", "phone", "email", "document")
        return [(PARENTS[code][1], [self[f"{code}_{part}"] for part in parts]) for code in PARENTS]

    def clean(self):
        cells = super().clean()
        if self.errors:
            return cells
        self.record = typed.check(cells, self.sheet, self.row, asker=self.asker, date=self.date)
        for remark in self.record.remarks:
            if remark.is_error:
                self.add_error(remark.column if remark.column in self.fields else None, remark.text)
        return cells

    @property
    def warnings(self) -> list[str]:
        return [remark.text for remark in self.record.remarks if not remark.is_error]

    def filled(self) -> SheetRow:
        """The row as it was typed: a new one, or the one that is corrected. Call it on a valid form."""
        row, found = self.row or SheetRow(sheet=self.sheet), self.record.row
        for name in (*self.base_fields, "parents", "person", "is_other", "school_class"):
            setattr(row, name, getattr(found, name))
        return row


def _label(part: str) -> str:
    return {"name": "Фамилия, имя, отчество", "phone": "Телефон", "email": "E-mail", "document": "Документ"}[part]


class DecisionForm(forms.Form):
    """Is it the same human being?"""

    decision = forms.ChoiceField(choices=[("same", "Это он"), ("other", "Другой человек")])


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label="Что исправить", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Увидит классный руководитель.",
    )  # fmt: skip


class SheetFilterForm(FilterForm):
    """Which sheets the list shows; a wrong value is passed over."""

    STATES = [
        ("", "Все"),
        (State.SUBMITTED.value, "Поданные"),
        (State.TAKEN.value, "В приказе"),
        (Credentials.WAITING.value, "Ждут логинов"),
        (State.ANSWERED.value, "Рассмотренные"),
    ]

    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)
