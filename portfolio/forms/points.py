"""The table of points as one form, and the filters of the rating."""

from decimal import Decimal

from django import forms
from django.db.models import QuerySet

from eios.lib.filter_form import FilterForm
from eios.lib.grades import FIRST, LAST
from portfolio.models import Level, Mode, Outcome, Sphere
from portfolio.points import CELLS, Cell, laid_out

GRADES = [("", "Все параллели"), *((one, f"{one}-е классы") for one in range(FIRST, LAST + 1))]


class PointsForm(forms.Form):
    """A field for every cell of the table, named by its four parts; `seen` is the version that is changed."""

    basis = forms.CharField(
        label="На основании",
        max_length=200,
        required=False,
        help_text="Протокол педсовета № 3 от 30.08.2026.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, values: dict[Cell, Decimal], **kwargs):
        super().__init__(*args, **kwargs)
        for cell in CELLS:
            self.fields["-".join(cell)] = forms.DecimalField(
                label=_label(cell), min_value=0, max_value=1000, max_digits=6, decimal_places=2, localize=True,
                initial=values.get(cell, Decimal(0)),
            )  # fmt: skip
            self.fields["-".join(cell)].widget.attrs |= {"class": "points", "inputmode": "decimal", "size": 5}

    @property
    def parts(self):
        return laid_out({cell: self["-".join(cell)] for cell in CELLS})

    @property
    def values(self) -> dict[Cell, Decimal]:
        return {cell: self.cleaned_data["-".join(cell)] for cell in CELLS}


def _label(cell: Cell) -> str:
    sphere, level, outcome, mode = cell
    return f"{Sphere(sphere).label}, {Level(level).label}, {Outcome(outcome).label}, {Mode(mode).label}"


class RatingFilterForm(FilterForm):
    """Whose rating: a class or a grade, a sphere, a name."""

    q = forms.CharField(label="Фамилия или имя", required=False, max_length=100)
    school_class = forms.ModelChoiceField(None, label="Класс", required=False, empty_label="Все классы")
    grade = forms.TypedChoiceField(label="Параллель", required=False, coerce=int, choices=GRADES)
    sphere = forms.ChoiceField(label="Сфера", required=False, choices=[("", "Все сферы"), *Sphere.choices])

    def __init__(self, *args, classes: QuerySet, names: dict[int, str], **kwargs):
        """`names` are those of the classes, by their keys."""
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes
        self.fields["school_class"].choices = [("", "Все классы"), *names.items()]
