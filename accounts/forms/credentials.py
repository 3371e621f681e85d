"""Whom the lists of credentials show, who is ticked, and why → clean values."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError

from accounts import credentials
from accounts.credentials import KINDS, STATE_FILTERS, Filters, Holder
from accounts.models import OneTimeLink, Position, SchoolClass, Slip, User

MOST = 2000  # people of one choice: a large school


class KeysField(forms.Field):
    """Keys of rows, as many as are ticked; whether one may have them is asked by the QuerySet that they narrow."""

    widget = forms.MultipleHiddenInput

    def clean(self, value) -> list[int]:
        keys = value or []
        if len(keys) > MOST:
            raise ValidationError(f"За один раз — не больше {MOST} человек.")
        if not all(key.isascii() and key.isdigit() and len(key) < 12 for key in keys):
            raise ValidationError("Неверный список людей: отметьте их заново.")
        if self.required and not keys:
            raise ValidationError(self.error_messages["required"])
        return list(dict.fromkeys(map(int, keys)))


class PeopleFilterForm(forms.Form):
    """Filters of the list; they stand in the address, a wrong value there is passed over."""

    q = forms.CharField(label="Поиск по имени или логину", required=False, max_length=200)
    who = forms.ChoiceField(label="Кто", required=False)
    state = forms.ChoiceField(
        label="Листок", required=False, choices=[(code, title) for code, (title, _) in STATE_FILTERS.items()]
    )
    position = forms.ChoiceField(label="Должность", required=False)
    school_class = forms.MultipleChoiceField(label="Классы", required=False)
    ticked = forms.BooleanField(label="Отметить всех", required=False)

    def __init__(self, *args, kinds: list[str], classes: Iterable[SchoolClass], **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        self.fields["who"].choices = [(kind, KINDS[kind]) for kind in kinds]
        self.fields["school_class"].choices = [(str(one.pk), one.name) for one in classes]
        if credentials.STAFF in kinds:
            found = Position.objects.order_by("order", "name").values_list("code", "name")
            self.fields["position"].choices = [("", "Любая должность"), *found]

    def filters(self) -> Filters:
        """What the list is narrowed by."""
        self.is_valid()
        clean = self.cleaned_data.get
        who = clean("who") or next(iter(self.kinds), credentials.PUPILS)
        is_staff = who == credentials.STAFF
        return Filters(
            q=clean("q", ""),
            who=who,
            state=clean("state", ""),
            position=clean("position", "") if is_staff else "",
            classes=[] if is_staff else [int(key) for key in clean("school_class") or []],
        )

    @property
    def is_ticked(self) -> bool:
        return bool(self.cleaned_data.get("ticked"))


class ChosenForm(forms.Form):
    """Who is ticked in the list, or all that the filters find."""

    person = KeysField(required=False)
    all = forms.BooleanField(required=False)


class PrintForm(forms.Form):
    """The confirmed list: for whom, and what was the newest slip when it was shown."""

    person = KeysField(error_messages={"required": "Отметьте тех, кому нужны листки."})
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReprintForm(forms.Form):
    """Why one person gets a new slip."""

    reason = forms.CharField(
        label="Причина", max_length=300, help_text="Например: листок потерян, пароль забыт. Останется в истории."
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class LinkForm(forms.Form):
    """How a one-time link goes to its owner, and why."""

    channel = forms.ChoiceField(label="Как передать", widget=forms.RadioSelect)
    reason = forms.CharField(label="Причина", max_length=300, required=False)

    WORDS = {
        OneTimeLink.Channel.SHOWN: "Показать сейчас на экране — человек рядом",
        OneTimeLink.Channel.EMAIL: "Отправить на адрес из учётной записи",
    }

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not person.must_change_password
        channels = [OneTimeLink.Channel.SHOWN, *([OneTimeLink.Channel.EMAIL] if person.email else [])]
        self.fields["channel"].choices = [(channel.value, self.WORDS[channel]) for channel in channels]
        self.fields["channel"].initial = OneTimeLink.Channel.SHOWN.value


class SlipsForm(forms.Form):
    """Slips ticked on paper lists, out of those that may be: by one who holds them, or who issues them."""

    slip = forms.TypedMultipleChoiceField(
        coerce=int,
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "Отметьте листки в списке.",
            "invalid_choice": "Список изменился, пока страница была открыта: отметьте листки заново.",
        },
    )

    def __init__(self, *args, slips: Iterable[Slip], **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {slip.pk: slip for slip in slips}
        self.fields["slip"].choices = [(key, str(key)) for key in self.by_key]

    def slips(self) -> list[Slip]:
        """The ticked ones. Call it on a valid form."""
        return [self.by_key[key] for key in self.cleaned_data["slip"]]


class HolderForm(forms.Form):
    """To whom a batch goes, out of those who may take slips of it."""

    to = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args, holders: Iterable[Holder], **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {holder.person.pk: holder for holder in holders}
        self.fields["to"].choices = [(key, str(key)) for key in self.by_key]

    def holder(self) -> Holder:
        """The chosen one. Call it on a valid form."""
        return self.by_key[self.cleaned_data["to"]]


class LinkCodeForm(forms.Form):
    """The code of a one-time link: a script takes it out of the address, people type it from a screen."""

    code = forms.CharField(
        label="Код ссылки", max_length=60, strip=True,
        help_text="20 букв и цифр; пробелы и чёрточки не важны.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
