"""What is typed at the desk → clean values for the actions."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError

from accounts.actions.people import PERSONAL_FIELDS
from accounts.forms.files import StoredFileField
from accounts.models import MethodGroup, Position, SchoolCard, SchoolClass, User
from accounts.models.school import parse_class_name

GROUND = "Приказ или иной документ: номер и дата."
MOST_PEOPLE = 200


def basis_field(*, required: bool, label: str = "Основание") -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "vTextField"})
    return forms.CharField(label=label, max_length=300, required=required, help_text=GROUND, widget=widget)


class PersonForm(forms.ModelForm):
    """Corrections of a person's data."""

    basis = basis_field(required=False, label="Основание исправления")

    class Meta:
        model = User
        fields = [*PERSONAL_FIELDS, "is_superuser"]
        help_texts = {"is_superuser": "Полное право на установку портала и этот стол."}


class EmployeeForm(forms.ModelForm):
    """A new employee with the first position and the order of the hire (6.6). Pupils appear by orders only (6.5)."""

    position = forms.ModelChoiceField(
        label="Должность", queryset=Position.objects.exclude(category=Position.Category.DUTY),
        help_text="Поручения — классное руководство и другие — дают потом своим приказом.",
    )  # fmt: skip
    method_group = forms.ModelChoiceField(label="ШМО", queryset=MethodGroup.objects.all(), required=False)
    starts = forms.DateField(label="Работает с", widget=AdminDateWidget)
    ends = forms.DateField(label="По", required=False, widget=AdminDateWidget, help_text="Пусто — бессрочно.")
    number = forms.CharField(label="Номер приказа", max_length=30, help_text="Как в книге приказов: 12-л.")
    date = forms.DateField(label="Дата приказа", widget=AdminDateWidget)
    signature = forms.CharField(
        label="Подписал", max_length=160, required=False, help_text="Пусто — директор, назначенный на дату приказа.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )  # fmt: skip

    class Meta:
        model = User
        fields = PERSONAL_FIELDS

    def hire(self) -> dict:
        """Arguments of the hiring."""
        names = ("position", "method_group", "starts", "ends", "number", "date", "signature")
        person = {name: self.cleaned_data[name] for name in PERSONAL_FIELDS}
        return {name: self.cleaned_data[name] for name in names} | {"person": person}


class SchoolClassForm(forms.ModelForm):
    """A class by its name as people type it."""

    name = forms.CharField(label="Класс", max_length=30, help_text="Например: 5А, 5-а или 5 «А».")

    class Meta:
        model = SchoolClass
        fields = ["year"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["name"] = self.instance.name

    def clean_name(self) -> str:
        self.instance.grade, self.instance.letter = parse_class_name(self.cleaned_data["name"])
        return self.cleaned_data["name"]


class SchoolCardForm(forms.ModelForm):
    """The card; the logo stands in the store of files, so it comes under another name than the model's own key."""

    logo_file = StoredFileField("logo", label="Логотип", required=False)

    class Meta:
        model = SchoolCard
        exclude = ["logo"]  # noqa: DJ006 (the desk names the fields; this one a form can't hold)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["logo_file"] = self.instance.logo


class ChosenForm(forms.Form):
    """Whom an act concerns: keys in the address, as the list of people has put them there."""

    people = forms.CharField(max_length=4000)

    def clean_people(self) -> list[int]:
        parts = self.cleaned_data["people"].split(",")
        if len(parts) > MOST_PEOPLE:
            raise ValidationError(f"За один раз — не больше {MOST_PEOPLE} человек.")
        if not all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts):
            raise ValidationError("Неверный список людей.")
        return [int(part) for part in parts]


class ActForm(forms.Form):
    """The reason of an act."""

    reason = forms.CharField(max_length=300, widget=forms.TextInput(attrs={"class": "vTextField"}))

    def __init__(self, *args, label: str, required: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].required = required
