"""What is chosen at «who can open this» and «why?» → clean values; a wrong value is passed over."""

from collections.abc import Iterable

from django import forms

from accounts.models import Position
from eios.lib.filter_form import FilterForm
from resources import audience, grantees
from resources.models import Element


class AudienceForm(FilterForm):
    """Whom the matrix shows, and whether people count as being inside the school's network."""

    CAN = [("", "Все"), ("yes", "Кто может"), ("no", "Кто не может")]

    q = forms.CharField(label="Фамилия, имя, отчество", required=False, max_length=200)
    can = forms.ChoiceField(label="Может открыть", required=False, choices=CAN)
    status = forms.ChoiceField(label="Кто", required=False, choices=[("", "Все"), *audience.STATUSES.items()])
    school_class = forms.ChoiceField(label="Класс", required=False)
    position = forms.ChoiceField(label="Должность", required=False)
    inside = forms.BooleanField(label="Считать, что человек в сети школы", required=False)

    def __init__(self, *args, date, **kwargs):
        super().__init__(*args, **kwargs)
        classes = [(str(one.pk), one.name) for one in grantees.classes(date)]
        self.fields["school_class"].choices = [("", "Все классы"), *classes]
        positions = [(str(key), name) for key, name in Position.objects.values_list("pk", "name")]
        self.fields["position"].choices = [("", "Любая должность"), *positions]

    @property
    def kept(self) -> list:
        """Filters that have no field in the search form, chosen in the address: a search keeps them."""
        chosen = self.values()
        return [self[name] for name in ("can", "status", "inside") if chosen[name]]


class WhyForm(FilterForm):
    """An element and a person, for the system administrator's question."""

    element = forms.ChoiceField(label="Элемент", required=False)
    q = forms.CharField(label="Фамилия, имя, отчество", required=False, max_length=200)
    person = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)

    def __init__(self, *args, elements: Iterable[Element], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["element"].choices = [("", "Выберите элемент"), *[(one.slug, _title(one)) for one in elements]]


def _title(element: Element) -> str:
    return f"{element.parent.name}: {element.name}" if element.parent else element.name
