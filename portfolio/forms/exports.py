"""What to take out, why it is withdrawn, a number from paper → clean values."""

from django import forms

from portfolio.models import Export


class ExportForm(forms.Form):
    kind = forms.ChoiceField(
        label="Вид", widget=forms.RadioSelect, initial=Export.Kind.PRINT,
        choices=[(Export.Kind.PRINT, "для печати и PDF"), (Export.Kind.ARCHIVE, "архив со всеми файлами (ZIP)")],
    )  # fmt: skip


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="Почему", max_length=300, help_text="На странице проверки причина не показывается.")


class NumberForm(forms.Form):
    number = forms.CharField(
        label="Номер выгрузки",
        max_length=40,
        help_text="Стоит на распечатке под QR-кодом: четыре группы по четыре знака.",
    )
