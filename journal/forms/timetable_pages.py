"""Which day of the timetable."""

import datetime

from django import forms

from eios.lib.filter_form import FilterForm


class DayForm(FilterForm):
    date = forms.DateField(required=False)

    def day(self, otherwise: datetime.date) -> datetime.date:
        """The date of the address; whatever is none, or is too far for a calendar, means the other one."""
        self.is_valid()
        found = self.cleaned_data.get("date")
        return found if found and abs(found.year - otherwise.year) <= 50 else otherwise
