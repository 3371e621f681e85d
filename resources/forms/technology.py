"""The technological passport: what is typed → clean values."""

from django import forms

from eios.lib.date_input import date_input
from eios.lib.dates import today
from resources.models import TechnologySheet

PARTS = ("in_network", "with_internet", "reaching_libraries")


class SheetForm(forms.ModelForm):
    """Figures of a day. Whether the channel is enough is asked outright: an unticked box could be forgotten."""

    date = forms.DateField(label="На какой день", widget=date_input(), initial=today)
    channel_is_enough = forms.TypedChoiceField(
        label="Достаточно ли канала для всех участников",
        choices=[("", "выберите"), ("yes", "да, достаточно"), ("no", "нет, недостаточно")],
        coerce=lambda value: value == "yes",
        help_text="Пункт 5.9: подключение даёт работать в ЭИОС всем.",
    )

    class Meta:
        model = TechnologySheet
        fields = [
            "date", "computers", "in_network", "with_internet", "reaching_libraries", "channel", "channel_is_enough",
            "wifi", "servers", "notes",
        ]  # fmt: skip
        widgets = {"servers": forms.Textarea(attrs={"rows": 3}), "notes": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        answer = "yes" if self.instance.channel_is_enough else "no"
        self.initial["channel_is_enough"] = answer if self.instance.pk else ""

    def clean_date(self):
        date = self.cleaned_data["date"]
        if date > today():
            raise forms.ValidationError("Паспорт составляют на сегодня или на прошедший день.")
        return date

    def clean(self):
        values = super().clean()
        computers = values.get("computers")
        for name in PARTS:
            if computers is not None and (values.get(name) or 0) > computers:
                self.add_error(name, f"Не может быть больше, чем компьютеров в школе: {computers}.")
        return values
