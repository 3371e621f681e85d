"""A file for a card → clean values."""

from django import forms

from accounts.forms.files import StoredFileField
from resources.file_owners import ELEMENT_FILE


class ElementFileForm(forms.Form):
    """What the file is called on the card, and the file."""

    title = forms.CharField(
        label="Название", max_length=200, help_text="Как файл назван в карточке: «Памятка для 5 класса»."
    )
    file = StoredFileField(ELEMENT_FILE, label="Файл")
