"""What people tick and choose at documents → clean values."""

from django import forms

from resources.models import Edition


class AcquaintForm(forms.Form):
    """«Ознакомлен(а)». It remembers which edition was read, and where the person was going."""

    edition = forms.ModelChoiceField(Edition.objects.all(), widget=forms.HiddenInput)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


class ReadersFilterForm(forms.Form):
    """Whom the register shows; a wrong value in the address is passed over, not an error."""

    STATES = [("", "Все"), ("waiting", "Не ознакомлены"), ("read", "Ознакомлены")]

    q = forms.CharField(label="Поиск по людям", required=False, max_length=200)
    state = forms.ChoiceField(label="Ознакомление", required=False, choices=STATES)

    def values(self) -> dict[str, str]:
        """Clean values; what was wrong is empty."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
