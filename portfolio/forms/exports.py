"""What to take out, why it is withdrawn, a number from paper → clean values."""

from django import forms

from portfolio.models import Export, Origin, Sphere
from portfolio.sections import PARTS, WHOLE, Sections

INCLUDED = [(code, f"достижения: {title}") for code, title in Origin.choices] + list(PARTS)


class ExportForm(forms.Form):
    kind = forms.ChoiceField(
        label="Вид", widget=forms.RadioSelect, initial=Export.Kind.PRINT,
        choices=[(Export.Kind.PRINT, "для печати и PDF"), (Export.Kind.ARCHIVE, "архив со всеми файлами (ZIP)")],
    )  # fmt: skip
    included = forms.MultipleChoiceField(
        label="Что включить", widget=forms.CheckboxSelectMultiple, choices=INCLUDED,
        initial=[*WHOLE.origins, *WHOLE.parts],
        error_messages={"required": "Отметьте, что включить."},
    )  # fmt: skip
    spheres = forms.MultipleChoiceField(
        label="Каких сфер", widget=forms.CheckboxSelectMultiple, choices=Sphere.choices, initial=WHOLE.spheres,
        error_messages={"required": "Отметьте хотя бы одну сферу."},
        help_text="Достижения и работы других сфер не войдут.",
    )  # fmt: skip

    @property
    def sections(self) -> Sections:
        """What was chosen. Call it on a valid form."""
        included = self.cleaned_data["included"]
        return Sections.chosen(self.cleaned_data["spheres"], included, included)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="Почему", max_length=300, help_text="На странице проверки причина не показывается.")


class NumberForm(forms.Form):
    number = forms.CharField(
        label="Номер выгрузки",
        max_length=40,
        help_text="Стоит на распечатке под QR-кодом: четыре группы по четыре знака.",
    )
