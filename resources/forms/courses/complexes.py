"""Complexes, and the topics that a course serves: what is typed and chosen → clean values."""

from django import forms

from accounts.forms.seen import SeenMixin
from resources.courses.complexes import Offer
from resources.models import Programme, StudyComplex, Topic


class BeginForm(forms.ModelForm):
    """Of which programme; a few words about it."""

    class Meta:
        model = StudyComplex
        fields = ["programme", "annotation"]
        widgets = {"annotation": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, queryset, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["programme"]
        field.queryset, field.empty_label, field.label_from_instance = queryset, "выберите", with_year


class ComplexForm(SeenMixin, forms.ModelForm):
    class Meta:
        model = StudyComplex
        fields = ["annotation"]
        widgets = {"annotation": forms.Textarea(attrs={"rows": 4})}


class FindForm(forms.Form):
    """Words of what may be added; nothing typed is what the portal suggests."""

    q = forms.CharField(label="Найти курс, материал, ресурс или издание", required=False, max_length=200)

    def query(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""


class AddForm(forms.Form):
    """Things that were ticked among those offered, with a word on what to take of them."""

    things = forms.MultipleChoiceField(
        label="Что добавить", widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Отметьте хотя бы что-нибудь.",
            "invalid_choice": "Этого больше нет среди предложенного: обновите страницу.",
        },
    )  # fmt: skip
    note = forms.CharField(
        label="Что взять", required=False, max_length=200, help_text="Например: «параграфы 12–14», «задачи 1–5»."
    )

    def __init__(self, *args, offers: list[Offer], **kwargs):
        super().__init__(*args, **kwargs)
        self.offers = {f"{offer.kind}-{one.pk}": (offer.kind, one) for offer in offers for one in offer.things}
        self.fields["things"].choices = [(offer.title, offer.choices) for offer in offers]

    def chosen(self) -> list[tuple[str, object]]:
        """Kind and thing of each that was ticked."""
        return [self.offers[value] for value in self.cleaned_data["things"]]


class MarkForm(forms.Form):
    """A question that was asked of the complex as it stood."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ToProgrammeForm(forms.Form):
    """Where to carry a complex."""

    programme = forms.ModelChoiceField(Programme.objects.none(), label="Программа следующего года", empty_label=None)

    def __init__(self, *args, queryset, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = queryset
        self.fields["programme"].label_from_instance = with_year


class ChooseProgrammesForm(forms.Form):
    """Programmes whose topics are to be ticked; a wrong value in the address is passed over."""

    q = forms.CharField(label="Предмет, название или автор программы", required=False, max_length=200)
    programmes = forms.ModelMultipleChoiceField(
        Programme.objects.none(), label="Программы", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, queryset, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programmes"].queryset = queryset

    def values(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class TopicsForm(forms.Form):
    """Topics that the course serves, among those of the chosen programmes."""

    programmes = forms.ModelMultipleChoiceField(
        Programme.objects.none(), label="Программы", required=False, widget=forms.MultipleHiddenInput
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label="Темы", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Темы в программе изменились: обновите страницу."},
    )  # fmt: skip
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, queryset, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programmes"].queryset = queryset
        self.fields["topics"].queryset = Topic.objects.filter(programme__in=queryset)

    def typed(self, name: str) -> list[str]:
        """What was ticked, whether it is clean or not: the form comes back with it."""
        return [str(value) for value in self[name].value() or ()]


def with_year(programme: Programme) -> str:
    return f"{programme}, {programme.year}"
