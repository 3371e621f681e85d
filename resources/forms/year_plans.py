"""Approving and copying a curriculum or a calendar: what is chosen → clean values."""

from django import forms

from accounts.models import AcademicYear, Order
from eios.lib.dates import today
from resources import curricula
from resources.models import YearPlan


class BeginForm(forms.ModelForm):
    """A new plan of a year and level: `begin` of the subclass says what it is begun with."""

    class Meta:
        fields = ["year", "level", "week", "title"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        current = self.fields["year"].queryset.on(today()).first()
        self.fields["year"].initial = current and current.pk
        self.fields["level"].choices = [one for one in self.fields["level"].choices if one[0]]


class OrderField(forms.ModelChoiceField):
    def label_from_instance(self, order: Order) -> str:
        return curricula.order_words(order)


class ApproveForm(forms.Form):
    order = OrderField(
        label="Каким приказом утверждён", queryset=Order.objects.none(), empty_label="выберите",
        help_text="Исполненный приказ по основной деятельности, не раньше чем за год до начала учебного года.",
    )  # fmt: skip

    def __init__(self, *args, year: AcademicYear, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = curricula.orders_for(year)


class CopyForm(forms.Form):
    """Where to: a later year that the school has opened, or another edition for the same one."""

    year = forms.ChoiceField(
        label="На какой учебный год", help_text="Следующий год появится здесь, когда его откроют при переходе."
    )

    def __init__(self, *args, plan: YearPlan, **kwargs):
        super().__init__(*args, **kwargs)
        years = list(AcademicYear.objects.filter(starts__gte=plan.year.starts).order_by("starts"))
        self.years = {str(year.pk): year for year in years}
        choices = [(str(year.pk), self._words(year, plan)) for year in years]
        self.fields["year"].choices = choices
        self.fields["year"].initial = choices[min(1, len(choices) - 1)][0]

    @staticmethod
    def _words(year: AcademicYear, plan: YearPlan) -> str:
        return f"{year}: новая редакция" if year == plan.year else str(year)

    def clean_year(self) -> AcademicYear:
        return self.years[self.cleaned_data["year"]]
