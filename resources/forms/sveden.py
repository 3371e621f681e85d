"""«Сведения»: what is typed in a row, a column or the settings → clean values."""

import datetime

from django import forms
from django.http import QueryDict

from accounts.forms.files import StoredFileField
from accounts.models import StoredFile
from eios.lib import russian
from eios.lib.date_input import date_input
from eios.lib.dates import today
from resources.file_owners import SVEDEN_FILE
from resources.models import Document, SvedenSettings, SvedenValue
from resources.sveden.entries import Entry, mark_of
from resources.sveden.table import DATE, LINK, Block, Field

LONGEST_TEXT, LONGEST_LINK = 4000, 500
BOTH = "Отмечено «нет», но значение заполнено: уберите одно из двух."
DATE_FORMAT = "%d.%m.%Y"


class ValueForm(forms.Form):
    """One field of the table: words, or a link to something; or «нет»."""

    text = forms.CharField(label="Текст", required=False, max_length=LONGEST_TEXT)
    is_none = forms.BooleanField(label="нет", required=False)

    def __init__(self, field: Field, value: SvedenValue | None, *args, **kwargs):
        self.of, self.value = field, value
        initial = {"text": value.text, "is_none": value.is_none} if value else {}
        super().__init__(*args, prefix=field.key, initial=initial, use_required_attribute=False, **kwargs)
        self.fields["text"].label = "Что написать" if field.kind == LINK else field.title
        self.fields["text"].widget = forms.Textarea(attrs={"rows": 2})
        self.fields["is_none"].label = f"«нет»: {field.title[:1].lower()}{field.title[1:]}"

    def clean(self):
        values = super().clean()
        if values.get("is_none") and self._says(values):
            self.add_error("is_none", BOTH)
        return values

    def _says(self, values: dict) -> bool:
        return bool(values.get("text"))

    def entry(self) -> Entry:
        return Entry(text=self.cleaned_data["text"], is_none=self.cleaned_data["is_none"])


class DateForm(ValueForm):
    """A day, kept in the words of the page."""

    def __init__(self, field: Field, value: SvedenValue | None, *args, **kwargs):
        super().__init__(field, value, *args, **kwargs)
        self.fields["text"] = forms.DateField(label=field.title, required=False, widget=date_input())
        self.order_fields(["text", "is_none"])
        self.initial["text"] = _date(value.text) if value else None

    def entry(self) -> Entry:
        day = self.cleaned_data["text"]
        return Entry(text=russian.short_date(day) if day else "", is_none=self.cleaned_data["is_none"])


class LinkForm(ValueForm):
    """A document of the portal, a file or an address; the words stand instead of its name."""

    document = forms.ModelChoiceField(
        label="Документ портала", queryset=Document.objects.none(), required=False, empty_label="не выбран",
        help_text="Его действующая редакция откроется по ссылке, новая подставится сама.",
    )  # fmt: skip
    file = StoredFileField(SVEDEN_FILE, label="Файл", required=False)
    link = forms.CharField(label="Адрес", required=False, max_length=LONGEST_LINK, help_text="https://… или http://….")

    field_order = ("text", "document", "file", "link", "is_none")

    def __init__(self, field: Field, value: SvedenValue | None, *args, **kwargs):
        super().__init__(field, value, *args, **kwargs)
        self.fields["text"].help_text = "Пусто — название документа, файла или сам адрес."
        self.fields["document"].queryset = Document.objects.filter(editions__in_force_from__lte=today()).distinct()
        if value:
            self.initial |= {"document": value.document_id, "file": value.file, "link": value.link}

    def clean(self):
        values = super().clean()
        if values.get("is_none") and isinstance(values.get("file"), StoredFile):
            values["file"] = None
        chosen = [name for name in ("document", "file", "link") if values.get(name)]
        if len(chosen) > 1:
            self.add_error(chosen[-1], "Выберите что-то одно: документ портала, файл или адрес.")
        return values

    def _says(self, values: dict) -> bool:
        file = values.get("file")
        return any(values.get(name) for name in ("text", "document", "link")) or (
            bool(file) and not isinstance(file, StoredFile)
        )

    def entry(self) -> Entry:
        return Entry(**{name: self.cleaned_data[name] for name in ("text", "document", "file", "link", "is_none")})


class SeenForm(forms.Form):
    """What stood in the row when the page was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)


FORMS = {LINK: LinkForm, DATE: DateForm}


class RowForm:
    """All typed fields of a row, each a form of its own, and the mark of what was seen."""

    def __init__(self, block: Block, values: dict[str, SvedenValue], data: QueryDict | None = None, files=None):
        self.seen = SeenForm(data, initial={"seen": mark_of(values.values())})
        self.forms = [
            FORMS.get(field.kind, ValueForm)(field, values.get(field.key), data, files) for field in block.typed_fields
        ]
        self.errors: list[str] = []

    def is_valid(self) -> bool:
        checked = [form.is_valid() for form in [self.seen, *self.forms]]
        return all(checked)

    def entries(self) -> dict[str, Entry]:
        return {form.of.key: form.entry() for form in self.forms}

    def seen_mark(self) -> str:
        return self.seen.cleaned_data["seen"]


class FillForm(forms.Form):
    """The same words, or «нет», in what is still empty in a column."""

    field = forms.ChoiceField(label="Столбец")
    text = forms.CharField(label="Что написать", required=False, max_length=LONGEST_TEXT, help_text="Пусто — «нет».")

    def __init__(self, block: Block, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.block = block
        self.fields["field"].choices = [(field.key, field.title) for field in block.typed_fields]

    @property
    def chosen(self) -> Field:
        return next(field for field in self.block.typed_fields if field.key == self.cleaned_data["field"])

    def entry(self) -> Entry:
        text = self.cleaned_data["text"]
        return Entry(text=text, is_none=not text)


class NoneForm(forms.Form):
    """Whether the school has none of a whole group."""

    is_none = forms.BooleanField(label="нет", required=False, widget=forms.HiddenInput)


class SettingsForm(forms.ModelForm):
    class Meta:
        model = SvedenSettings
        fields = ["place", "official_address"]
        widgets = {"place": forms.RadioSelect}


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.datetime.strptime(text, DATE_FORMAT).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
