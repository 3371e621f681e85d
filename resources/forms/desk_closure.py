"""Closure, conditions and governing acts, as they are chosen at the desk → clean values."""

from django import forms

from resources.forms.desk import BasisForm
from resources.models import Condition, Document, Element
from resources.overview import AS_ABOVE


class ClosureChoiceForm(forms.Form):
    """Which closure the next page asks about."""

    closure = forms.ChoiceField(label="Новая закрытость")

    def __init__(self, *args, options: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        # Nothing is chosen to begin with: a slip of the hand must not open what is closed.
        self.fields["closure"].choices = [("", "Выберите уровень"), *options]

    def number(self) -> int | None:
        """The number; None is «as the element above»."""
        chosen = self.cleaned_data["closure"]
        return None if chosen == AS_ABOVE else int(chosen)


class ClosureForm(BasisForm, ClosureChoiceForm):
    """The closure chosen before and its ground; the system administrator names the security policy too (5.3)."""

    ground = forms.ModelChoiceField(
        label="Документ политики безопасности", queryset=Document.objects.policies(), empty_label="Выберите документ",
        help_text="Закрытость относится к политике безопасности школы (пункт 5.3 Положения).",
    )  # fmt: skip
    field_order = ["closure", "ground", "basis"]

    def __init__(self, *args, names_policy: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["closure"].widget = forms.HiddenInput()
        if not names_policy:
            del self.fields["ground"]
        elif not self.fields["ground"].queryset.exists():
            self.fields["ground"].required = False
            self.fields[
                "ground"
            ].help_text = "Политики безопасности среди документов портала ещё нет: назовите её в основании."


class ConditionChoiceForm(forms.Form):
    """Which condition the next page asks about."""

    kind = forms.ChoiceField(label="Условие", choices=Condition.Kind.choices)
    document = forms.ModelChoiceField(
        label="Документ", queryset=Document.objects.all(), required=False, empty_label="—",
        help_text="Только для ознакомления: с каким документом.",
    )  # fmt: skip

    def clean(self):
        data = super().clean()
        is_about_document = data.get("kind") == Condition.Kind.ACQUAINTANCE
        if is_about_document and not data.get("document") and "document" not in self.errors:
            self.add_error("document", "Выберите документ, с которым нужно ознакомиться.")
        if not is_about_document:
            data["document"] = None
        return data

    def condition(self, element: Element) -> Condition:
        """The condition that is meant, not yet set."""
        return Condition(element=element, kind=self.cleaned_data["kind"], document=self.cleaned_data["document"])


class ConditionForm(BasisForm, ConditionChoiceForm):
    """The condition chosen before, and why it is set."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget = forms.HiddenInput()
        self.fields["document"].widget = forms.HiddenInput()


class ActsForm(forms.Form):
    """Which acts govern access to the element (3.3)."""

    documents = forms.ModelMultipleChoiceField(
        label="Акты школы", queryset=Document.objects.all(), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Список документов изменился: отметьте их заново."},
    )  # fmt: skip
