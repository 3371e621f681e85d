"""What of a class's journal is printed."""

from django import forms

from journal.books import WHOLE_YEAR
from journal.periods import Period


class ClassPaperForm(forms.Form):
    period = forms.TypedChoiceField(label="Период", coerce=int)

    def __init__(self, *args, periods: list[Period], **options):
        super().__init__(*args, **options)
        self.fields["period"].choices = [*((one.number, one.name) for one in periods), (0, WHOLE_YEAR)]
