"""What people type and tick around requests for access → clean values."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import SchoolClass, User
from eios.lib.date_input import date_input
from eios.lib.dates import today
from eios.lib.filter_form import FilterForm
from resources import requests
from resources.models import AccessRequest, Element
from resources.requests import Terms, Way

NOT_SPELT = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class AskForm(forms.Form):
    note = forms.CharField(label="Зачем нужен доступ", max_length=300, required=False)


class RequestFilterForm(FilterForm):
    """Filters of a list of requests as they stand in the address; a wrong value is passed over."""

    q = forms.CharField(label="Поиск по имени", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=list(requests.STATES.items()))
    ticked = forms.BooleanField(label="Отметить всех", required=False)


class DeskFilterForm(RequestFilterForm):
    """On the desk: those who wait first, unless others are asked for."""

    STATES = [("", "Ждут решения"), ("confirmed", "Действуют"), ("over", "Закончились"), ("all", "Все")]

    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)


class _TermsForm(forms.Form):
    """Until when, and does the element open to those to whom it is closed."""

    opens = forms.BooleanField(
        label="Открыть элемент тому, кому он закрыт", required=False, initial=True,
        help_text="Привилегия на этот элемент, лично и на тот же срок.",
    )  # fmt: skip
    ends = forms.DateField(
        label="Действует по", required=False, help_text="Последний день. Пусто — без срока.",
        widget=date_input(),
    )  # fmt: skip

    def clean_ends(self):
        ends = self.cleaned_data["ends"]
        if ends and ends < today():
            raise ValidationError("Этот день уже прошёл.")
        return ends


class ConfirmForm(_TermsForm):
    """One request: the way of the login, and the terms."""

    way = forms.ChoiceField(label="Что выдать", widget=forms.RadioSelect)
    login = forms.CharField(
        label="Логин", required=False, max_length=200, help_text="Только если вводите его сами.",
        widget=forms.TextInput(attrs=NOT_SPELT),
    )  # fmt: skip
    password = forms.CharField(
        label="Пароль", required=False, max_length=200, strip=False, widget=forms.TextInput(attrs=NOT_SPELT),
        help_text="Можно не указывать, если человек задаёт его на платформе сам.",
    )  # fmt: skip

    field_order = ["way", "login", "password", "opens", "ends"]

    def __init__(self, *args, ways: list[tuple[str, str]], is_closed: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = ways
        self.initial.setdefault("way", ways[0][0])
        if Way.TYPED not in dict(ways):
            del self.fields["login"], self.fields["password"]
        if not is_closed:
            del self.fields["opens"]

    def clean(self):
        values = super().clean()
        if values.get("way") == Way.TYPED and not values.get("login", "").strip():
            self.add_error("login", "Введите логин.")
        return values

    def terms(self) -> Terms:
        """Call it on a valid form. What was typed counts only where typing was chosen."""
        values = self.cleaned_data
        typed = values["way"] == Way.TYPED
        return Terms(
            way=values["way"],
            login=values["login"] if typed else "",
            password=values["password"] if typed else "",
            opens=values.get("opens", False),
            ends=values["ends"],
        )


class _TickedForm(forms.Form):
    """Requests ticked on the desk."""

    request = forms.TypedMultipleChoiceField(
        label="Заявки", coerce=int, widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "Отметьте заявки в списке.",
            "invalid_choice": "Список изменился: часть заявок уже решили. Отметьте заново.",
        },
    )  # fmt: skip

    def __init__(self, *args, waiting: Iterable[AccessRequest], **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {one.pk: one for one in waiting}
        self.fields["request"].choices = [(key, str(key)) for key in self.by_key]

    def ticked(self) -> list[AccessRequest]:
        """In the order of the list. Call it where the ticks are valid."""
        keys = set(self.cleaned_data["request"])
        return [one for key, one in self.by_key.items() if key in keys]


class TickedForm(_TickedForm):
    """What the list sends to a page of confirmation."""


class ConfirmAllForm(_TickedForm, _TermsForm):
    field_order = ["opens", "ends", "request"]

    def __init__(self, *args, may_open: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_open:
            del self.fields["opens"]


class ReasonForm(forms.Form):
    answer = forms.CharField(
        label="Причина", max_length=300, help_text="Её увидит заявитель.", widget=forms.Textarea(attrs={"rows": 2})
    )


class DeclineAllForm(_TickedForm, ReasonForm):
    field_order = ["answer", "request"]


class ClassChoiceForm(forms.Form):
    """For which element and which class; a wrong value is passed over."""

    element = forms.ChoiceField(label="Элемент", required=False)
    school_class = forms.ChoiceField(label="Класс", required=False)
    ticked = forms.BooleanField(label="Отметить всех", required=False)

    def __init__(self, *args, elements: Iterable[Element], classes: Iterable[SchoolClass], **kwargs):
        super().__init__(*args, **kwargs)
        self.elements = {one.slug: one for one in elements}
        self.classes = {str(one.pk): one for one in classes}
        self.fields["element"].choices = [("", "Выберите"), *[(one.slug, one.name) for one in self.elements.values()]]
        self.fields["school_class"].choices = [(key, one.name) for key, one in self.classes.items()]

    def chosen(self) -> tuple[Element | None, SchoolClass | None]:
        """The element, and the class: the first where none was named. None for what is not there to choose."""
        self.is_valid()
        element = self.elements.get(self.cleaned_data.get("element", ""))
        key = self.cleaned_data.get("school_class", "")
        first = next(iter(self.classes.values()), None) if not self.data.get("school_class") else None
        return element, self.classes.get(key, first)


class AskForClassForm(AskForm):
    """Pupils ticked, once more, and why."""

    pupil = forms.TypedMultipleChoiceField(
        label="Обучающиеся", coerce=int, widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "Отметьте в списке тех, за кого просите.",
            "invalid_choice": "Список изменился: отметьте обучающихся заново.",
        },
    )  # fmt: skip

    def __init__(self, *args, pupils: Iterable[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {person.pk: person for person in pupils}
        self.fields["pupil"].choices = [(key, str(key)) for key in self.by_key]

    def people(self) -> list[User]:
        """The ticked pupils, in the order of the list. Call it on a valid form."""
        ticked = set(self.cleaned_data["pupil"])
        return [person for key, person in self.by_key.items() if key in ticked]
