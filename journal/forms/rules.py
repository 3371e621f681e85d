"""Decisions on where gradebooks are kept and how pupils are marked; subgroups → clean values."""

from django import forms

from accounts.forms.seen import SeenMixin
from accounts.models import AcademicYear, SchoolClass, User
from eios.lib.date_input import date_input
from journal.models import KeepingDecision, Kept, Scale, ScaleRule, Subgroup
from resources.forms.grades import GRADES

SCOPE = ["year", "grade", "school_class", "subject"]


class DecisionForm(forms.ModelForm):
    """`seen`: the mark of the preview that was confirmed."""

    grade = forms.TypedChoiceField(
        label="Параллель", required=False, coerce=int, empty_value=None, choices=[("", "все"), *GRADES]
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, year: AcademicYear, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].widget = forms.HiddenInput()
        self.initial["year"] = year.pk
        self.fields["school_class"].queryset = SchoolClass.objects.filter(year=year).order_by("grade", "letter")
        self.fields["school_class"].empty_label = "все"
        self.fields["subject"].empty_label = "все"

    def clean(self):
        values = super().clean()
        school_class, year = values.get("school_class"), values.get("year")
        if school_class and year and school_class.year_id != year.pk:
            self.add_error("school_class", "Этот класс — другого учебного года.")
        return values


class KeepingForm(DecisionForm):
    kept = forms.ChoiceField(label="Где ведётся", choices=[("", "выберите"), *Kept.choices])

    class Meta:
        model = KeepingDecision
        fields = [*SCOPE, "kept", "basis"]


class ScaleForm(DecisionForm):
    scale = forms.ChoiceField(label="Шкала", choices=[("", "выберите"), *Scale.choices])

    class Meta:
        model = ScaleRule
        fields = [*SCOPE, "scale", "basis"]


class SubgroupForm(SeenMixin, forms.ModelForm):
    class Meta:
        model = Subgroup
        fields = ["school_class", "subject", "name"]

    def __init__(self, *args, year: AcademicYear, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            del self.fields["school_class"], self.fields["subject"]
            return
        self.fields["school_class"].queryset = SchoolClass.objects.filter(year=year).order_by("grade", "letter")
        for name in ("school_class", "subject"):
            self.fields[name].empty_label = "выберите"


class DistributeForm(forms.Form):
    """A day, and for each pupil a subgroup or none; `asked()` gives keys by keys."""

    starts = forms.DateField(label="С какого дня", widget=date_input())

    def __init__(self, *args, pupils: list[User], groups: list[Subgroup], now: dict[int, int], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "ни в какой"), *((str(one.pk), one.name) for one in groups)]
        self.pupils = pupils
        for pupil in pupils:
            self.fields[f"pupil-{pupil.pk}"] = forms.TypedChoiceField(
                label=f"{pupil.surname} {pupil.name}", required=False, choices=choices, coerce=int, empty_value=None,
                initial=now.get(pupil.pk, ""),
            )  # fmt: skip

    def asked(self) -> dict[int, int | None]:
        return {one.pk: self.cleaned_data[f"pupil-{one.pk}"] for one in self.pupils}

    @property
    def lines(self) -> list[forms.BoundField]:
        return [self[f"pupil-{one.pk}"] for one in self.pupils]
