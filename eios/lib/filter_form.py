"""Filters of a list, as they stand in the address."""

from django import forms


class FilterForm(forms.Form):
    """What a list shows; a wrong value in the address is passed over, not an error."""

    def values(self) -> dict:
        """Clean values by name; what is absent or was wrong is empty."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
