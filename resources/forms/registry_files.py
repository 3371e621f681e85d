"""A file of the registry, and the plan that was seen → clean values."""

from django import forms

from accounts.forms.files import TableFileField
from resources.importing.file_plan import read_rows


class RegistryFileForm(forms.Form):
    """A table with the registry's headings: whatever else is refused at once, and kept nowhere."""

    file = TableFileField("registry", read_rows, label="Файл реестра")


class ConfirmForm(forms.Form):
    """The plan that was seen, and on what ground it is carried out."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    basis = forms.CharField(
        label="Основание", max_length=300, required=False,
        help_text="Приказ, решение или политика безопасности: попадёт в журнал у каждой изменённой строки.",
    )  # fmt: skip
