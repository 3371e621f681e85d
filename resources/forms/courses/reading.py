"""What the list of courses is searched and sorted by."""

from django import forms

from resources.courses.reading import SORTS
from resources.forms.grades import ReadingFilterForm


class CourseFilterForm(ReadingFilterForm):
    sort = forms.ChoiceField(
        label="Порядок", required=False, choices=[(value, title) for value, (title, _) in SORTS.items()]
    )


class VisitForm(forms.Form):
    """What a page reports of itself."""

    seconds = forms.IntegerField(required=False, min_value=0)
    end = forms.BooleanField(required=False)


class SwitchForm(forms.Form):
    """On or off: a bookmark, «прочитано»."""

    on = forms.BooleanField(required=False)

    @property
    def is_on(self) -> bool:
        return self.is_valid() and self.cleaned_data["on"]
