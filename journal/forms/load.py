"""The teaching load: filters, a line, its end, a replacement, a file → clean values."""

import datetime

from django import forms

from accounts.forms.files import TableFileField
from accounts.forms.seen import SeenMixin
from accounts.models import AcademicYear, User
from accounts.staff import employed
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm
from journal.curriculum import KINDS
from journal.forms.gradebooks import named
from journal.load_plan import read_rows
from journal.models import Gradebook, TeachingLoad


class LoadFilterForm(FilterForm):
    q = forms.CharField(label="Учитель", required=False, max_length=200)
    year = forms.ChoiceField(label="Учебный год", required=False)
    school_class = forms.ChoiceField(label="Класс", required=False)
    subject = forms.ChoiceField(label="Предмет", required=False)
    all = forms.ChoiceField(
        label="Когда", required=False, choices=[("", "Действует сейчас"), ("on", "За весь год, с законченной")]
    )

    def __init__(self, *args, years, classes, subjects, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = named(years, "Текущий")
        self.fields["school_class"].choices = named(classes, "Все классы")
        self.fields["subject"].choices = named(subjects, "Все предметы")

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.values().items() if name not in ("q", "year"))

    @property
    def selects(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "q"]


class GapFilterForm(FilterForm):
    year = forms.ChoiceField(label="Учебный год", required=False)
    kind = forms.ChoiceField(label="Что не так", required=False, choices=[("", "Всё"), *KINDS.items()])

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = named(years, "Текущий")


class TeacherField(forms.ModelChoiceField):
    """Employees of the day, by name."""

    def __init__(self, **options):
        super().__init__(User.objects.none(), empty_label="выберите", **options)

    def label_from_instance(self, person: User) -> str:
        return person.get_full_name()


class LoadForm(SeenMixin, forms.ModelForm):
    teacher = TeacherField(label="Учитель")

    class Meta:
        model = TeachingLoad
        fields = ["gradebook", "teacher", "hours", "starts", "ends", "basis"]
        widgets = {"starts": date_input(), "ends": date_input()}
        # «4,5» as well as «4.5».
        localized_fields = ["hours"]
        help_texts = {
            "ends": "Последний день. Пусто — до конца учебного года.",
            "basis": "Например, приказ о распределении нагрузки.",
        }

    def __init__(self, *args, year: AcademicYear, date: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["gradebook"].queryset = Gradebook.objects.of_year(year).listed()
        self.fields["gradebook"].empty_label = "выберите"
        people = employed(max(date, year.starts))
        if self.instance.teacher_id:
            people |= User.objects.filter(pk=self.instance.teacher_id)
            people = people.order_by("sort_name", "pk")
        self.fields["teacher"].queryset = people


class EndForm(forms.Form):
    last_day = forms.DateField(label="Последний день", widget=date_input())
    basis = forms.CharField(label="Основание", required=False, max_length=300)


class ReplacementForm(forms.Form):
    teacher = TeacherField(label="Кто заменяет")
    starts = forms.DateField(label="С", widget=date_input())
    ends = forms.DateField(label="По", widget=date_input(), help_text="Последний день замены.")
    basis = forms.CharField(label="Основание", required=False, max_length=300)

    def __init__(self, *args, load: TeachingLoad, date: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["teacher"].queryset = employed(date).exclude(pk=load.teacher_id)


class LoadFileForm(forms.Form):
    """A table with the load's headings: whatever else is refused at once, and kept nowhere."""

    year = forms.ModelChoiceField(AcademicYear.objects.order_by("-starts"), label="Учебный год", empty_label=None)
    file = TableFileField("teaching_load", read_rows, label="Файл нагрузки")


class ConfirmForm(forms.Form):
    """The plan that was seen."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
