"""What the list of courses is searched and sorted by."""

from django import forms

from resources.courses.reading import SORTS
from resources.forms.grades import ReadingFilterForm


class CourseFilterForm(ReadingFilterForm):
    sort = forms.ChoiceField(
        label="Порядок", required=False, choices=[(value, title) for value, (title, _) in SORTS.items()]
    )
