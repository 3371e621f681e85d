"""Who issues credentials without an order: somebody authorised by a document, for a term (9.4)."""

from django import forms

from accounts.forms.orders import DATE
from accounts.models import Appointment, User
from accounts.models.orders import POSSIBLE_DAYS
from eios.lib.dates import today


class AuthorisationForm(forms.Form):
    """The employee, the document and the days; the right ends by itself with the last of them."""

    person = forms.ModelChoiceField(label="Кто", queryset=User.objects.none(), empty_label="Выберите работника")
    document = forms.CharField(
        label="Документ", max_length=300, help_text="Доверенность или иное: название, номер и дата."
    )
    starts = forms.DateField(label="С какого дня", validators=POSSIBLE_DAYS, **DATE)
    ends = forms.DateField(label="По какой день", validators=POSSIBLE_DAYS, **DATE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        working = Appointment.objects.on(today()).values("person")
        self.fields["person"].queryset = User.objects.filter(pk__in=working).order_by("sort_name", "pk")
        self.initial.setdefault("starts", today())
