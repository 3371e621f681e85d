"""A pupil's achievement, the filters of its lists, and what a checker decides → clean values."""

from django import forms

from accounts.forms.files import ManyFilesField
from accounts.forms.seen import SeenMixin
from accounts.models import SchoolClass
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm
from portfolio.file_owners import EVIDENCE
from portfolio.forms.lines import LinesField, link_of
from portfolio.models import Achievement, Evidence, Level, Origin, Outcome, Sphere, State


class AchievementForm(SeenMixin, forms.ModelForm):
    """An achievement with its evidence. `dropped` is the evidence that is taken away."""

    uploads = ManyFilesField(EVIDENCE, label="Файлы: диплом, грамота, сертификат")
    links = LinesField(
        label="Ссылки", help_text="По одной в строке. Перед ссылкой можно написать, что за ней: «Протокол https://…»."
    )
    orders = LinesField(
        label="Приказы и протоколы", help_text="По одному в строке: «Приказ управления образования № 15 от 12.11.2026»."
    )
    dropped = forms.ModelMultipleChoiceField(
        Evidence.objects.none(), label="Убрать подтверждения", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Achievement
        fields = [
            "title", "sphere", "date", "level", "stage", "outcome", "place", "mode", "subject", "grade_performed",
            "organiser", "team", "mentor", "note",
        ]  # fmt: skip
        widgets = {"date": date_input(), "note": forms.Textarea(attrs={"rows": 3, "spellcheck": "true"})}
        labels = {"grade_performed": "За какой класс выступали"}
        help_texts = {
            "title": "Как в дипломе: «Олимпиада школьников „Ломоносов“ по физике».",
            "date": "День, когда вы выступали. Если их было несколько — последний.",
            "stage": "Для Всероссийской олимпиады школьников: уровень встанет сам.",
            "place": "Например: 2 место; 87 баллов из 100.",
            "grade_performed": "Номер класса, если выступали за класс старше своего.",
            "team": "Если выступали командой: её название.",
            "mentor": "Кто вас готовил.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sphere"].choices = _named(Sphere, "выберите сферу")
        self.fields["outcome"].choices = _named(Outcome, "выберите результат")
        self.fields["level"].choices = _named(Level, "выберите уровень")
        # By the stage of the olympiad the level is known; the browser shall not insist on it.
        self.fields["level"].required = not self["stage"].data
        self.fields["level"].widget.use_required_attribute = lambda initial: False
        self.fields["level"].error_messages["required"] = "Выберите уровень или этап ВсОШ."
        self.fields["stage"].choices = [("", "не ВсОШ"), *self.fields["stage"].choices[1:]]
        self.fields["subject"].empty_label = "не по предмету"
        held = [] if self.instance._state.adding else list(self.instance.evidence.select_related("file"))
        self.evidence_held = held
        self.fields["dropped"].queryset = Evidence.objects.filter(pk__in=[one.pk for one in held])
        self.fields["dropped"].label_from_instance = str
        if not held:
            del self.fields["dropped"]

    def clean_links(self) -> list[tuple[str, str]]:
        return [link_of(line) for line in self.cleaned_data["links"]]

    def clean_orders(self) -> list[str]:
        lines = self.cleaned_data["orders"]
        if any(len(line) > 200 for line in lines):
            raise forms.ValidationError("Название приказа — не длиннее 200 знаков.")
        return lines

    def _get_validation_exclusions(self):
        """The level may be empty here where the stage stands for it; the action sets it."""
        return super()._get_validation_exclusions() | {"level"}


def _named(choices, empty: str) -> list[tuple[str, str]]:
    return [("", empty), *((value, label.capitalize()) for value, label in choices.choices)]


class AchievementFilterForm(FilterForm):
    """Filters of a pupil's list; states that the reader never sees are not offered."""

    q = forms.CharField(label="Мероприятие", required=False, max_length=200)
    origin = forms.ChoiceField(label="Откуда", required=False, choices=[("", "Все"), *Origin.choices])
    sphere = forms.ChoiceField(label="Сфера", required=False, choices=[("", "Все"), *Sphere.choices])
    state = forms.ChoiceField(label="Состояние", required=False)
    year = forms.ChoiceField(label="Учебный год", required=False)

    def __init__(self, *args, states, years: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "Все"), *((one, State(one).label) for one in states)]
        self.fields["year"].choices = [("", "Все годы"), *years]

    @property
    def is_narrowed(self) -> bool:
        return any(self.values().values())


class QueueFilterForm(FilterForm):
    q = forms.CharField(label="Обучающийся", required=False, max_length=200)
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label="Класс", required=False, empty_label="Все классы"
    )
    sphere = forms.ChoiceField(label="Сфера", required=False, choices=[("", "Все"), *Sphere.choices])
    unled = forms.BooleanField(label="Только классы без классного руководителя", required=False)
    ticked = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, classes, is_of_school: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_of_school = is_of_school
        self.has_classes = classes is not None
        if self.has_classes:
            self.fields["school_class"].queryset = classes


def _tick(value: str) -> tuple[int, str]:
    """«12-1764200000000000» → the entry's key and what was seen of it."""
    key, mark = value.split("-")
    return int(key), mark


class TickedForm(forms.Form):
    """Entries ticked in the queue, each as it was seen."""

    entry = forms.Field(required=False, widget=forms.SelectMultiple)

    def clean_entry(self) -> list[tuple[int, str]]:
        try:
            found = [_tick(value) for value in self.cleaned_data["entry"] or ()]
        except ValueError as refusal:
            raise forms.ValidationError("Отметьте записи ещё раз.") from refusal
        return [(key, mark) for key, mark in found if 0 < key < 2**63]


class CheckForm(forms.Form):
    """What the checker had before the eyes."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class SameMixin:
    """Of which confirmed entry of the pupil this one is a double."""

    def _offer(self, others) -> None:
        field = self.fields["same_as"]
        field.queryset = others
        field.label_from_instance = lambda one: f"«{one.title}», {one.date:%d.%m.%Y}, {one.get_origin_display()}"


class ConfirmForm(SameMixin, CheckForm):
    same_as = forms.ModelChoiceField(
        Achievement.objects.none(), label="То же, что", required=False, empty_label="ни с чем не совпадает"
    )

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer(others)


class ReturnForm(CheckForm):
    reason = forms.CharField(
        label="Почему возвращаете", max_length=500, widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "true"}),
        help_text="Обучающийся прочитает это и сможет исправить запись.",
    )  # fmt: skip


class SameForm(SameMixin, forms.Form):
    same_as = forms.ModelChoiceField(
        Achievement.objects.none(), label="То же, что", required=False, empty_label="самостоятельная запись"
    )

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer(others)
