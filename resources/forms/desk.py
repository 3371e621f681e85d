"""What an element's administrator types at the desk → clean values."""

from django import forms


class SearchForm(forms.Form):
    """Search among the own elements; a wrong value in the address is passed over."""

    q = forms.CharField(label="Поиск по своим элементам", required=False, max_length=200)

    def values(self) -> dict[str, str]:
        """Clean values; what was wrong is empty."""
        self.is_valid()
        return {"q": self.cleaned_data.get("q", "")}
