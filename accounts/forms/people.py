"""Filters of the list of people as they stand in the address."""

from collections.abc import Iterable

from django import forms

from accounts.models import SchoolClass
from accounts.people import STATUSES
from eios.lib.filter_form import FilterForm


class PeopleFilterForm(FilterForm):
    """Whom the list shows; a wrong value in the address is passed over, not an error."""

    q = forms.CharField(label="Поиск по имени или логину", required=False, max_length=200)
    status = forms.ChoiceField(
        label="Кто", required=False, choices=[(code, title) for code, (title, _) in STATUSES.items()]
    )
    school_class = forms.ChoiceField(label="Класс", required=False)

    def __init__(self, *args, classes: Iterable[SchoolClass], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = [("", "Все классы"), *[(str(one.pk), one.name) for one in classes]]
