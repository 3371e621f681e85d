"""How a visitor wants the portal to look: kept in a cookie, read by the server, so that it works without scripts."""

from dataclasses import asdict, dataclass, replace
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.http import HttpRequest, HttpResponse

COOKIE = "display"
YEAR = 60 * 60 * 24 * 365
CHOICES = {
    "vision": [("normal", "Обычный вид"), ("low", "Для слабовидящих")],
    "theme": [("auto", "Как в системе"), ("light", "Светлое"), ("dark", "Тёмное")],
    "size": [("1", "Обычный"), ("2", "Крупный"), ("3", "Очень крупный")],
    "spacing": [("1", "Обычный"), ("2", "Увеличенный"), ("3", "Большой")],
    "contrast": [
        ("normal", "Обычные цвета"),
        ("black-white", "Чёрным по белому"),
        ("white-black", "Белым по чёрному"),
        ("blue", "Тёмно-синим по голубому"),
    ],
    "pictures": [("on", "Показывать"), ("off", "Не показывать")],
}
LABELS = {
    "vision": "Вид",
    "theme": "Оформление",
    "size": "Размер текста",
    "spacing": "Расстояние между буквами и строками",
    "contrast": "Цвета",
    "pictures": "Картинки",
}
LOW_VISION = {"size": "2", "spacing": "2", "contrast": "black-white"}


@dataclass(frozen=True)
class Display:
    vision: str = "normal"
    theme: str = "auto"
    size: str = "1"
    spacing: str = "1"
    contrast: str = "normal"
    pictures: str = "on"

    @classmethod
    def of(cls, request: HttpRequest) -> "Display":
        """The settings of the cookie; anything unknown in it is passed over."""
        wanted = dict(parse_qsl(request.COOKIES.get(COOKIE, "")[:500]))
        return cls(**{key: value for key, value in wanted.items() if value in dict(CHOICES.get(key, []))})

    def changed(self, **wanted: str) -> "Display":
        """With these settings; turning low vision on chooses large text, spacing and contrast at once."""
        if wanted.get("vision") == "low" and self.vision != "low":
            wanted = {**LOW_VISION, **wanted}
        if wanted.get("vision") == "normal" and self.vision == "low":
            wanted = {**{key: getattr(Display, key) for key in LOW_VISION}, **wanted}
        return replace(self, **wanted)

    def remember(self, response: HttpResponse, secure: bool) -> None:
        value = urlencode(asdict(self))
        response.set_cookie(COOKIE, value, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)


class DisplayForm(forms.Form):
    """Every field may be missing: a link can change one setting alone."""

    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in CHOICES.items():
            self.fields[name] = forms.ChoiceField(
                label=LABELS[name], choices=choices, required=False, widget=forms.RadioSelect
            )

    def wanted(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in CHOICES if self.cleaned_data.get(name)}
