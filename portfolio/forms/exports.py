"""What to take out, why it is withdrawn, a number from paper → clean values."""

from django import forms

from portfolio.models import Export, Origin, Sphere
from portfolio.sections import PARTS, WHOLE, Sections


class ExportForm(forms.Form):
    kind = forms.ChoiceField(
        label="Вид", widget=forms.RadioSelect, initial=Export.Kind.PRINT,
        choices=[(Export.Kind.PRINT, "для печати и PDF"), (Export.Kind.ARCHIVE, "архив со всеми файлами (ZIP)")],
    )  # fmt: skip
    spheres = forms.MultipleChoiceField(
        label="Сферы", widget=forms.CheckboxSelectMultiple, choices=Sphere.choices, initial=WHOLE.spheres,
        error_messages={"required": "Отметьте хотя бы одну сферу."},
    )  # fmt: skip
    origins = forms.MultipleChoiceField(
        label="Достижения", widget=forms.CheckboxSelectMultiple, choices=Origin.choices, initial=WHOLE.origins,
        required=False,
    )  # fmt: skip
    parts = forms.MultipleChoiceField(
        label="Что ещё", widget=forms.CheckboxSelectMultiple, choices=PARTS, initial=WHOLE.parts, required=False
    )

    def clean(self):
        values = super().clean()
        if not (values.get("origins") or values.get("parts")) and not self.errors:
            raise forms.ValidationError("Отметьте, что включить: достижения, работы, обложку или учебные результаты.")
        return values

    @property
    def sections(self) -> Sections:
        """What was chosen. Call it on a valid form."""
        return Sections.chosen(*(self.cleaned_data[name] for name in ("spheres", "origins", "parts")))


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="Почему", max_length=300, help_text="На странице проверки причина не показывается.")


class NumberForm(forms.Form):
    number = forms.CharField(
        label="Номер выгрузки",
        max_length=40,
        help_text="Стоит на распечатке под QR-кодом: четыре группы по четыре знака.",
    )
