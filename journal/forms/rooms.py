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
        """«каб. 214 » and «Каб. 214» are one room."""
        name = " ".join(self.cleaned_data["name"].split())
        if Room.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Такой кабинет уже есть.")
        return name
