"""A lawful representative as the class teacher enters one → clean values."""

from collections.abc import Iterable

from django import forms

from accounts.models import Relation, User
from accounts.parents import Match
from eios.lib.date_input import date_input
from eios.lib.dates import today

NEW = "new"
NAME, CONTACT = ["surname", "name", "patronymic"], ["birth_date", "phone", "email"]
DOCUMENT = "Свидетельство о рождении: серия, номер, дата. Для опекуна — акт органа опеки: номер и дата."


class RepresentativeForm(forms.ModelForm):
    """Who it is, what to the pupil, and on which document; where such a person is known, whether that is the one."""

    kind = forms.ChoiceField(label="Кем приходится", choices=Relation.Kind)
    basis = forms.CharField(
        label="Документ", max_length=300, help_text=DOCUMENT,
        error_messages={"required": "Укажите документ, которым подтверждается родство или опека."},
    )  # fmt: skip
    starts = forms.DateField(label="С какого дня", widget=date_input(), initial=today)

    class Meta:
        model = User
        fields = [*NAME, *CONTACT]
        widgets = {"birth_date": date_input()}
        help_texts = {
            "birth_date": "Дата рождения, телефон или почта нужны, чтобы узнать человека, который в портале уже есть."
        }

    field_order = ["kind", *NAME, *CONTACT, "basis", "starts"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(name) for name in CONTACT):
            raise forms.ValidationError("Укажите хотя бы одно: дату рождения, телефон или почту.")
        return cleaned

    def offer(self, matches: Iterable[Match]) -> None:
        """Asks whether it is one of these people; an answer that came with the form is checked against them."""
        choices = [(str(match.person.pk), f"Да, это {match.person}: {match.words}") for match in matches]
        choices.append((NEW, "Нет, это другой человек: завести новую учётную запись"))
        field = forms.ChoiceField(
            label="Такой человек в портале уже есть. Это он?", choices=choices, widget=forms.RadioSelect,
            help_text="У одного человека одна учётная запись, сколько бы детей ни училось в школе.",
            error_messages={
                "required": "Выберите, тот ли это человек.",
                "invalid_choice": "Найденные люди изменились: выберите ещё раз.",
            },
        )  # fmt: skip
        self.fields = {"person": field, **self.fields}
        if self.add_prefix("person") in self.data:
            self.full_clean()

    def chosen(self, matches: Iterable[Match]) -> User | None:
        """The person who was chosen; None for a new one. Call it on a valid form."""
        key = self.cleaned_data.get("person", NEW)
        return next((match.person for match in matches if str(match.person.pk) == key), None)

    def names(self) -> dict:
        """For `create_person`."""
        return {name: self.cleaned_data[name] for name in (*NAME, *CONTACT)}


class RelationEndForm(forms.Form):
    ends = forms.DateField(
        label="Последний день", widget=date_input(), initial=today, help_text="В этот день кабинет ещё работает."
    )
    reason = forms.CharField(
        label="Причина", max_length=300, help_text="Например: решение суда от 12.10.2026, прекращение опеки.",
        error_messages={"required": "Укажите причину: она останется в истории."},
    )  # fmt: skip
