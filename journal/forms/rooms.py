"""A room → clean values."""

from django import forms

from accounts.forms.seen import SeenMixin
from journal.models import Room


class RoomForm(SeenMixin, forms.ModelForm):
    class Meta:
        model = Room
        fields = ["name", "title", "is_shared", "is_active"]
        help_texts = {"is_shared": "Спортивный зал, бассейн: занятый другим классом, он остаётся свободным."}

    def clean_name(self) -> str:
        """«зал » and «Зал» are one room. SQLite knows no case of Russian letters, and a school has few rooms."""
        name = " ".join(self.cleaned_data["name"].split())
        others = Room.objects.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if name.casefold() in {one.casefold() for one in others}:
            raise forms.ValidationError("Такой кабинет уже есть.")
        return name
