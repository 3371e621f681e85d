"""What a visitor types at the registry → clean values."""

from django import forms

from resources.models import Element


class FilterForm(forms.Form):
    """Search and filters of the registry; a wrong value in the address is passed over, not an error."""

    q = forms.CharField(label="Поиск по реестру", required=False, max_length=200)
    component = forms.ChoiceField(
        label="Компонент", required=False, choices=[("", "Все компоненты"), *Element.Component.choices]
    )
    access = forms.ChoiceField(
        label="Доступ на платформе", required=False, choices=[("", "Любой доступ"), *Element.OutsideAccess.choices]
    )

    def values(self) -> dict[str, str]:
        """Clean values; what was wrong is empty."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
