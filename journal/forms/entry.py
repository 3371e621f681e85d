"""Rules of entry, openings, requests to open; filters of histories; reasons of absence → clean values (7.2)."""

from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet

from accounts.forms.seen import SeenMixin
from accounts.models import SchoolClass, User
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm
from journal.absences import GIVEN
from journal.forms.gradebooks import named
from journal.models import EntryRules, Gradebook
from journal.unposted import KINDS
from resources.models import Document

ONE_OF = "Выберите одно: журнал, класс или учителя."


class RulesForm(SeenMixin, forms.ModelForm):
    class Meta:
        model = EntryRules
        fields = ["lesson_days", "term_days", "act"]
        help_texts = {
            "term_days": "0: период закрывается в свой последний день.",
            "act": "Документ, которым школа установила порядок ведения журнала. На него ведут ссылки.",
        }

    def __init__(self, *args, acts: QuerySet[Document], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["act"].queryset = acts
        self.fields["act"].empty_label = "не выбран"


class OpeningForm(forms.Form):
    """What is opened (one of three), for which lessons, until when, why."""

    gradebook = forms.ModelChoiceField(Gradebook.objects.none(), label="Журнал", required=False, empty_label="—")
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label="Все журналы класса", required=False, empty_label="—"
    )
    teacher = forms.ModelChoiceField(
        User.objects.none(), label="Все журналы учителя", required=False, empty_label="—"
    )  # fmt: skip
    starts = forms.DateField(label="Уроки с", widget=date_input())
    ends = forms.DateField(label="Уроки по", widget=date_input())
    until = forms.DateField(label="Открыть до", widget=date_input(), help_text="Включительно.")
    reason = forms.CharField(label="Причина", max_length=300)

    def __init__(self, *args, books: QuerySet[Gradebook], teachers: QuerySet[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["gradebook"].queryset = books
        classes = SchoolClass.objects.filter(pk__in=books.order_by().values("school_class"))
        self.fields["school_class"].queryset = classes.select_related("year").order_by("grade", "letter")
        self.fields["teacher"].queryset = teachers

    def clean(self):
        values = super().clean()
        if len(self.what(values)) != 1 and not self.errors.keys() & {"gradebook", "school_class", "teacher"}:
            self.add_error(None, ONE_OF)
        return values

    @staticmethod
    def what(values: dict) -> dict:
        """Which of the three is chosen."""
        return {name: values[name] for name in ("gradebook", "school_class", "teacher") if values.get(name)}


class AskForm(forms.Form):
    """For which lessons a teacher asks to open the gradebook, and why."""

    starts = forms.DateField(label="Уроки с", widget=date_input())
    ends = forms.DateField(label="Уроки по", widget=date_input())
    reason = forms.CharField(label="Причина", max_length=200)


class AskedForm(FilterForm):
    """What the address of an opening fills in."""

    gradebook = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    school_class = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    teacher = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    starts = forms.DateField(required=False)
    ends = forms.DateField(required=False)
    asked = forms.IntegerField(required=False, min_value=1, max_value=2**62)


class HistoryForm(FilterForm):
    """Of a gradebook's history. `slot` and `place` come with the link of one cell."""

    pupil = forms.ChoiceField(label="Обучающийся", required=False)
    by = forms.ChoiceField(label="Кто изменил", required=False)
    date = forms.DateField(label="Урок", required=False, widget=date_input())
    late = forms.BooleanField(label="Только поздние", required=False)
    slot = forms.IntegerField(required=False, min_value=1, max_value=100, widget=forms.HiddenInput)
    place = forms.IntegerField(required=False, min_value=1, max_value=100, widget=forms.HiddenInput)

    def __init__(self, *args, pupils: Iterable[User], authors: Iterable[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pupil"].choices = named(pupils, "Все")
        self.fields["by"].choices = named(authors, "Все")


class LateForm(FilterForm):
    """Of the school's late changes."""

    school_class = forms.ChoiceField(label="Класс", required=False)
    by = forms.ChoiceField(label="Кто изменил", required=False)
    starts = forms.DateField(label="Изменено с", required=False, widget=date_input())
    ends = forms.DateField(label="по", required=False, widget=date_input())

    def __init__(self, *args, classes: Iterable[SchoolClass], authors: Iterable[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = named(classes, "Все")
        self.fields["by"].choices = named(authors, "Все")


class UnpostedForm(FilterForm):
    """What lessons lack; whose they are, for those who see all."""

    kind = forms.ChoiceField(label="Чего нет", required=False, choices=[("", "Всё"), *KINDS.items()])
    teacher = forms.IntegerField(required=False, min_value=1, max_value=2**62)


class WeekForm(FilterForm):
    """The week of the address, and what its links fill into the form of reasons."""

    week = forms.DateField(label="Неделя", required=False, widget=date_input())
    pupil = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    day = forms.DateField(required=False)


class ReasonForm(forms.Form):
    """Whose missed lessons from–to get which reason; `why` is for a term that a council has closed."""

    pupil = forms.ModelChoiceField(User.objects.none(), label="Обучающийся", empty_label="выберите")
    starts = forms.DateField(label="С", widget=date_input())
    ends = forms.DateField(label="По", widget=date_input())
    code = forms.ChoiceField(label="Причина", choices=[(one.value, one.label.capitalize()) for one in GIVEN])
    why = forms.CharField(
        label="Почему поздно", required=False, max_length=300,
        help_text="Только если период уже закрыт педсоветом.",
    )  # fmt: skip

    def __init__(self, *args, pupils: Iterable[User], manages: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not manages:
            del self.fields["why"]
        self.fields["pupil"].queryset = User.objects.filter(pk__in=[one.pk for one in pupils]).order_by("sort_name")
        self.fields["pupil"].label_from_instance = lambda one: f"{one.surname} {one.name}"
