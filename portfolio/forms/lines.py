"""Things that are typed one a line: links with their titles, orders."""

from django import forms
from django.core.validators import URLValidator

_is_address = URLValidator(schemes=["http", "https"])


class LinesField(forms.CharField):
    """One thing a line; cleans to a list of lines without empty ones."""

    def __init__(self, **options):
        widget = forms.Textarea(attrs={"rows": 2})
        super().__init__(required=False, max_length=5000, widget=widget, **options)

    def clean(self, value):
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        return [line for line in lines if line]


def link_of(line: str) -> tuple[str, str]:
    """(address, title) of «Протокол https://example.ru/1». Raises ValidationError."""
    title, _, address = line.rpartition(" ")
    if "://" not in address:
        address = f"https://{address}"
    try:
        _is_address(address)
    except forms.ValidationError as refusal:
        raise forms.ValidationError(f"Это не ссылка: «{line[:60]}». Ссылка стоит в конце строки.") from refusal
    if len(address) > 500 or len(title) > 200:
        raise forms.ValidationError("Слишком длинно: ссылка — до 500 знаков, название — до 200.")
    return address, title.rstrip(" :—-")
