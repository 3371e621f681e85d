"""The register of breaches: what is typed → clean values."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.backends import with_login
from accounts.forms.audit import AuditFilterForm
from accounts.models import AuditEntry, Breach, Order, User
from eios.lib.date_input import date_input
from eios.lib.dates import today
from eios.lib.filter_form import FilterForm


def _day(**options) -> forms.DateField:
    return forms.DateField(widget=date_input(), **options)


class BreachForm(forms.ModelForm):
    """The record of a breach; the person is named by login, since namesakes are many."""

    happened_on = _day(
        label="Когда произошло", help_text=Breach._meta.get_field("happened_on").help_text, initial=today
    )
    found_on = _day(label="Когда обнаружено", initial=today)
    login = forms.CharField(
        label="Логин того, кого касается",
        max_length=40,
        required=False,
        help_text="Пусто, если человек не установлен.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )

    class Meta:
        model = Breach
        fields = ["kind", "title", "description", "happened_on", "found_on", "found_by", "login"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.person_id:
            self.fields["login"].initial = self.instance.person.username

    def clean_login(self) -> User | None:
        login = self.cleaned_data["login"]
        person = with_login(User.objects.all(), login).first() if login else None
        if login and person is None:
            raise ValidationError("Такого логина нет. Логин человека виден на его странице и в списках.")
        return person

    def values(self) -> dict:
        """Fields of the record. Call it on a valid form."""
        values = dict(self.cleaned_data)
        values["person"] = values.pop("login")
        return values


class DecisionForm(forms.ModelForm):
    """The decision, its date and the order it stands in."""

    decided_on = _day(label="Дата решения")

    class Meta:
        model = Breach
        fields = ["decision", "decided_on", "order"]
        widgets = {"decision": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].required = True
        self.initial["decided_on"] = self.initial["decided_on"] or today()
        self.fields["order"].queryset = Order.objects.exclude(state__in=[Order.State.DRAFT, Order.State.CANCELLED])
        self.fields["order"].empty_label = "без приказа"
        self.fields["order"].help_text = "Приказ о взыскании или иной, если он издан."


class ReopenForm(forms.Form):
    reason = forms.CharField(label="Почему открывается заново", max_length=300)


class BreachFilterForm(FilterForm):
    """Filters of the register as they stand in the address; a wrong value is passed over."""

    q = forms.CharField(label="Поиск по имени и словам", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Все"), *Breach.State.choices])
    kind = forms.ChoiceField(label="Вид нарушения", required=False, choices=[("", "Любой вид"), *Breach.Kind.choices])


class EvidenceFilterForm(AuditFilterForm):
    """Where in the trail one looks for evidence."""

    everybody = forms.BooleanField(label="Искать по всему журналу, не только о том, кого касается", required=False)

    def values(self) -> dict:
        found = super().values()
        return {**found, "concerned": not found.pop("everybody")}


class EvidenceForm(forms.Form):
    """Entries ticked in the list."""

    entry = forms.ModelMultipleChoiceField(
        queryset=AuditEntry.objects.all(),
        error_messages={
            "required": "Отметьте записи, которые прикладываете.",
            "invalid_choice": "Такой записи в журнале нет.",
            "invalid_pk_value": "Такой записи в журнале нет.",
        },
    )
