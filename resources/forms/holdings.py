"""Outside e-resources and library editions: what is typed → clean values."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.seen import SeenMixin
from eios.lib import isbn
from eios.lib.date_input import date_input
from resources.forms.grades import ReadingFilterForm, grade_field, settle_grades
from resources.models import Holding, LibraryEdition, OutsideResource

STATES = [("", "Действуют"), (Holding.State.WITHDRAWN, "Выведены из обращения")]


class ResourceFilterForm(ReadingFilterForm):
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Любой вид"), *OutsideResource.Kind.choices])
    federal = forms.ChoiceField(
        label="Федеральный перечень", required=False,
        choices=[("", "В перечне и вне его"), ("in", "В федеральном перечне"), ("out", "Вне перечня")],
    )  # fmt: skip
    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)


class EditionFilterForm(ReadingFilterForm):
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Любой вид"), *LibraryEdition.Kind.choices])
    where = forms.ChoiceField(
        label="Где читать", required=False,
        choices=[("", "Где угодно"), ("shelf", "На полках библиотеки"), ("electronic", "В электронном виде")],
    )  # fmt: skip
    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)


class HoldingForm(SeenMixin, forms.ModelForm):
    """What a resource and an edition have in common; `places` are platforms that whoever types may name."""

    grade_from = grade_field("С какого класса")
    grade_to = grade_field("По какой класс", help_text="Для одного класса хватит первого поля.")

    class Meta:
        fields: list[str] = []

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "выберите"), *self.instance.Kind.choices]
        self.fields["element"].queryset = places
        self.fields["element"].empty_label = "не на платформе реестра"

    def clean(self):
        values = super().clean()
        settle_grades(self, values)
        return values


class ResourceForm(HoldingForm):
    class Meta:
        model = OutsideResource
        fields = [
            "title", "kind", "publisher", "address", "federal_act", "federal_number", "federal_date", "subjects",
            "grade_from", "grade_to", "element", "annotation",
        ]  # fmt: skip
        widgets = {
            "annotation": forms.Textarea(attrs={"rows": 3}),
            "federal_date": date_input(),
            "subjects": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "address": "https://… или http://…",
            "element": "Если ресурс открывается на платформе из реестра элементов.",
            "subjects": "Не отмечайте ничего, если ресурс не о школьном предмете.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A resource of the network is where its address is.
        self.fields["address"].required = True

    def clean(self):
        values = super().clean()
        if (values.get("federal_number") or values.get("federal_date")) and not values.get("federal_act"):
            self.add_error("federal_act", "Назовите приказ, которым утверждён федеральный перечень.")
        return values


class EditionForm(HoldingForm):
    class Meta:
        model = LibraryEdition
        fields = [
            "kind", "author", "title", "subtitle", "responsibility", "statement", "place", "publisher", "year", "pages",
            "isbn", "subjects", "grade_from", "grade_to", "copies", "element", "address", "annotation",
        ]  # fmt: skip
        widgets = {"annotation": forms.Textarea(attrs={"rows": 3}), "subjects": forms.CheckboxSelectMultiple}
        help_texts = {
            "address": "Если издание читают в сети: https://… или http://…",
            "element": "Электронная библиотека из реестра элементов, в которой его читают.",
            "subjects": "Не отмечайте ничего, если издание не о школьном предмете.",
        }

    # As wide as people type it; the model keeps it without the word and odd signs.
    isbn = forms.CharField(
        label="ISBN", required=False, max_length=60, help_text="Как напечатано в книге, с дефисами или без."
    )

    def clean_isbn(self) -> str:
        try:
            return isbn.clean(self.cleaned_data["isbn"])
        except isbn.WrongIsbn as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self):
        values = super().clean()
        if {"copies", "element", "address"} <= values.keys() and not (
            values["copies"] or values["element"] or values["address"]
        ):
            self.add_error(
                "copies",
                "Скажите, где издание читают: сколько экземпляров на полках, на какой платформе или по какому адресу.",
            )
        return values


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Почему", max_length=300,
        help_text="Например: «списано по акту № 3», «ресурс закрыт владельцем». Это увидят все.",
    )  # fmt: skip
