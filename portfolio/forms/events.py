"""Events, their filters, their participants → clean values (11.1)."""

import datetime

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.seen import SeenMixin
from accounts.models import AcademicYear, SchoolClass, User
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm
from portfolio.events import OWN, Participant
from portfolio.models import STAGE_LEVELS, Achievement, Event, Level, Outcome, Sphere, Stage

EARLIEST = datetime.date(2000, 1, 1)
AHEAD = datetime.timedelta(days=366)
BY_STAGE = "У этапа ВсОШ уровень свой: можно не выбирать."


class EventFilterForm(FilterForm):
    q = forms.CharField(label="Название", required=False, max_length=200)
    sphere = forms.ChoiceField(label="Сфера", required=False, choices=[("", "Все сферы"), *Sphere.choices])
    level = forms.ChoiceField(label="Уровень", required=False, choices=[("", "Все уровни"), *Level.choices])
    year = forms.ChoiceField(label="Учебный год", required=False)
    mine = forms.ChoiceField(label="Кто внёс", required=False, choices=[("", "Все"), ("1", "Я")])

    def __init__(self, *args, years: list[AcademicYear], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "Все годы"), *((str(one.pk), str(one)) for one in years)]

    @property
    def selects(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "q"]


def checked_date(date: datetime.date, today: datetime.date) -> datetime.date:
    """Raises ValidationError for a day that no event of this school is on."""
    if not EARLIEST <= date <= today + AHEAD:
        raise ValidationError("Проверьте дату: она слишком далеко.")
    return date


def settle_level(form: forms.Form) -> None:
    """The level of a stage of ВсОШ is the stage's own; without a stage one is chosen."""
    stage, level = form.cleaned_data.get("stage"), form.cleaned_data.get("level")
    if stage:
        own = STAGE_LEVELS[Stage(stage)].value
        if level and level != own:
            form.add_error("level", f"{Stage(stage).label.capitalize()} ВсОШ — уровень {Level(own).label}.")
        form.cleaned_data["level"] = own
    elif not level:
        form.add_error("level", "Выберите уровень.")


class EventForm(SeenMixin, forms.ModelForm):
    level = forms.ChoiceField(
        label="Уровень", required=False, choices=[("", "выберите"), *Level.choices], help_text=BY_STAGE
    )
    link = forms.URLField(label="Страница в интернете", required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Event
        fields = [
            "title", "sphere", "stage", "level", "subject", "date", "ends", "mode", "organiser", "link", "note",
        ]  # fmt: skip
        widgets = {"date": date_input(), "ends": date_input()}
        help_texts = {
            "title": "Как в положении или дипломе, без класса и результата.",
            "stage": "Только для Всероссийской олимпиады школьников.",
            "ends": "Если мероприятие длится несколько дней.",
        }

    def __init__(self, *args, today: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["subject"].empty_label = "без предмета"
        self.fields["sphere"].choices = [("", "выберите"), *Sphere.choices]
        self.fields["stage"].choices = [("", "это не ВсОШ"), *Stage.choices]

    def clean_date(self) -> datetime.date:
        return checked_date(self.cleaned_data["date"], self.today)

    def clean(self):
        values = super().clean()
        settle_level(self)
        return values


class ChooseForm(FilterForm):
    """Whom to choose from: a class of the day, or a name."""

    school_class = forms.ModelChoiceField(SchoolClass.objects.none(), label="Класс", required=False)
    q = forms.CharField(label="Фамилия, имя", required=False, max_length=200)

    def __init__(self, *args, classes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes
        self.fields["school_class"].empty_label = "Все классы"


class ParticipantsForm(forms.Form):
    """A result for each who took part; the others stay without one. Team and mentor are of all of them."""

    team = forms.CharField(label="Команда", required=False, max_length=120, help_text="Одна на всех отмеченных.")
    mentor = forms.CharField(label="Руководитель", required=False, max_length=150, help_text="Один на всех отмеченных.")

    def __init__(self, *args, pupils: list[tuple[User, SchoolClass]], there: set[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.pupils = pupils
        self.there = there
        for pupil, _ in self.free:
            name = pupil.get_full_name()
            self.fields[f"outcome-{pupil.pk}"] = forms.ChoiceField(
                label=f"{name}: результат", required=False, choices=[("", "не участвует"), *Outcome.choices]
            )
            self.fields[f"place-{pupil.pk}"] = forms.CharField(
                label=f"{name}: место, баллы", required=False, max_length=60
            )

    @property
    def free(self) -> list[tuple[User, SchoolClass]]:
        return [(pupil, place) for pupil, place in self.pupils if pupil.pk not in self.there]

    @property
    def lines(self) -> list[tuple]:
        """(pupil, class, outcome, place) of each; without fields for those who are there already."""
        return [
            (pupil, where, None, None) if pupil.pk in self.there
            else (pupil, where, self[f"outcome-{pupil.pk}"], self[f"place-{pupil.pk}"])
            for pupil, where in self.pupils
        ]  # fmt: skip

    def clean(self):
        values = super().clean()
        for pupil, _ in self.free:
            if values.get(f"place-{pupil.pk}") and not values.get(f"outcome-{pupil.pk}"):
                self.add_error(f"outcome-{pupil.pk}", "Выберите результат.")
        return values

    def people(self) -> list[Participant]:
        """Those who were given a result."""
        values = self.cleaned_data
        return [
            Participant(
                pupil, values[f"outcome-{pupil.pk}"], values[f"place-{pupil.pk}"], values["team"], values["mentor"]
            )
            for pupil, _ in self.free
            if values.get(f"outcome-{pupil.pk}")
        ]


class ParticipantForm(SeenMixin, forms.ModelForm):
    class Meta:
        model = Achievement
        fields = list(OWN)
        labels = {"grade_performed": "Выступление за класс"}
        help_texts = {"grade_performed": "Номер, если класс старше своего."}
