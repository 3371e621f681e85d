"""For which grades and subjects something is meant, as it is typed and as it is asked for."""

from collections.abc import Iterable

from django import forms

from eios.lib.filter_form import FilterForm
from resources.models import Subject
from resources.models.grades import FIRST, LAST

GRADES = [(grade, f"{grade} класс") for grade in range(FIRST, LAST + 1)]


def grade_field(label: str, **options) -> forms.TypedChoiceField:
    """A grade, or none."""
    choices = [("", "любой"), *GRADES]
    return forms.TypedChoiceField(label=label, required=False, choices=choices, coerce=int, empty_value=None, **options)


def settle_grades(form: forms.ModelForm, values: dict) -> None:
    """One grade alone is that grade; from a higher to a lower one is asked again."""
    first, last = values.get("grade_from"), values.get("grade_to")
    if first is None and last is not None:
        form.add_error("grade_from", "Укажите, с какого класса, или оставьте оба поля пустыми.")
    elif first is not None and last is None:
        values["grade_to"] = first
    elif first is not None and first > last:
        form.add_error("grade_to", f"По какой класс — не раньше, чем с какого: сейчас с {first} по {last}.")


class ReadingFilterForm(FilterForm):
    """What the lists of the library are searched by; a wrong value in the address is passed over, not an error."""

    q = forms.CharField(label="Поиск", required=False, max_length=200)
    subject = forms.ChoiceField(label="Предмет", required=False)
    grade = forms.ChoiceField(label="Класс", required=False, choices=[("", "Любой класс"), *GRADES])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", "Все предметы"), *_named(Subject.objects.values_list("pk", "name"))]

    @property
    def is_narrowed(self) -> bool:
        """Is anything asked for besides words?"""
        return any(value for name, value in self.values().items() if name != "q")

    @property
    def selects(self) -> list[forms.BoundField]:
        """The filters that are lists of values, in order."""
        return [self[name] for name in self.fields if name != "q"]


def _named(rows: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in rows]
