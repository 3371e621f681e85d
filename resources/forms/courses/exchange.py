"""An archive of a course that somebody brings."""

from django import forms


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Архив курса", help_text="ZIP, выгруженный этим или другим порталом: вкладка «Обмен» у курса.",
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )  # fmt: skip
