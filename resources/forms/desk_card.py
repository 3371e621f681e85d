"""The card of an element and its parts, as its administrator edits them → clean values."""

from django import forms

from resources.models import Element

# Pictures that suit an element: the name in the sprite, and what is drawn.
ICONS = {
    "globe": "земной шар", "book": "книга", "library": "книжные полки", "cap": "учёба", "grid": "таблица",
    "doc": "документ", "docs": "документы", "calendar": "календарь", "mail": "письмо", "video": "видео",
    "chat": "разговор", "chart": "диаграмма", "people": "люди", "star": "звезда", "shield": "щит", "key": "ключ",
    "news": "новости", "help": "помощь", "info": "сведения", "settings": "настройки",
}  # fmt: skip


class CardForm(forms.ModelForm):
    """What an element's administrator may change; its place in the registry and its closure are others' matter.

    A part is named by its administrator; a section of the portal keeps its address. `seen` remembers which card was
    read, so that two who edit at once do not undo each other.
    """

    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    class Meta:
        model = Element
        fields = ["name", "purpose", "how_to_get_in", "address", "procedure_url", "contact", "icon"]
        widgets = {
            "purpose": forms.Textarea(attrs={"rows": 2}),
            "how_to_get_in": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "purpose": "Одно предложение. Его видят все, кому виден элемент.",
            "how_to_get_in": "Видят те, кому элемент открыт. Паролей здесь не пишите.",
            "address": "https://…, http://… или mailto:…",
            "procedure_url": "Ссылка на порядок регистрации на сайте платформы (пункт 10.4 Положения).",
            "contact": "Должность и имя или кабинет: у кого просить доступ.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.updated_at.isoformat()
        icons = {"": "без значка"} | ICONS
        if self.instance.icon not in icons:
            icons[self.instance.icon] = self.instance.icon
        self.fields["icon"] = forms.ChoiceField(label="Значок", required=False, choices=list(icons.items()))
        for name in self._not_here():
            del self.fields[name]

    def _not_here(self) -> list[str]:
        absent = [] if self.instance.parent_id else ["name"]
        return [*absent, "address", "procedure_url"] if self.instance.is_built_in else absent

    def values(self) -> dict:
        """Fields of the card alone."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class PartForm(forms.Form):
    """A new part: its name, what it is for, and how closed it is."""

    name = forms.CharField(label="Название", max_length=200)
    purpose = forms.CharField(label="Для чего", max_length=300, required=False)
    closure = forms.ChoiceField(label="Закрытость", required=False)

    def __init__(self, *args, options: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closure"].choices = options

    def values(self) -> dict:
        closure = self.cleaned_data["closure"]
        return {
            "name": self.cleaned_data["name"],
            "purpose": self.cleaned_data["purpose"],
            "own_closure": int(closure) if closure else None,
        }
