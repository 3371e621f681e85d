"""The page of a lesson: topic, what was done, columns, homework → clean values."""

from decimal import Decimal

from django import forms
from django.core.validators import MinValueValidator
from django.forms import formset_factory

from accounts.forms.files import ManyFilesField
from accounts.forms.seen import SeenMixin
from accounts.marks import Seen
from eios.lib.date_input import date_input
from journal import lessons
from journal.models import Homework, HomeworkFile, Lesson, LessonWork, WorkKind

HOMEWORK_FILE = "homework"


class LessonForm(SeenMixin, forms.ModelForm):
    """A lesson with its homework. `dropped` are files of the homework that are taken away."""

    more = ("text", "due")

    text = forms.CharField(
        label="Задание", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "true"})
    )
    due = forms.DateField(label="К какому дню", required=False, widget=date_input())
    uploads = ManyFilesField(HOMEWORK_FILE, label="Файлы")
    dropped = forms.ModelMultipleChoiceField(
        HomeworkFile.objects.none(), label="Убрать файлы", required=False, widget=forms.CheckboxSelectMultiple
    )
    elements = forms.ModelMultipleChoiceField(
        None, label="Платформы", required=False, widget=forms.CheckboxSelectMultiple
    )
    outside_resources = forms.ModelMultipleChoiceField(
        None, label="Внешние ресурсы", required=False, widget=forms.CheckboxSelectMultiple
    )
    courses = forms.ModelMultipleChoiceField(
        None, label="Электронные курсы", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label="Почему вносите", required=False, max_length=300)
    onward = forms.BooleanField(label="Затем открыть следующий урок", required=False)

    class Meta:
        model = Lesson
        fields = ["topic", "subject_matter", "way", "done", "remark"]
        widgets = {"done": forms.Textarea(attrs={"rows": 3, "spellcheck": "true"})}
        help_texts = {
            "subject_matter": "Как записано в журнале. Пусто — название темы программы.",
            "remark": "Например: урок сокращён. Видят учитель, классный руководитель и руководство.",
        }

    def __init__(
        self, *args, offers: list[lessons.Offer], offered: dict, homework: Homework | None, asks_reason: bool, **kwargs
    ):  # fmt: skip
        super().__init__(*args, **kwargs)
        names = {one.topic.pk: one.words for one in offers}
        topic = self.fields["topic"]
        # The offers stand in memory; a topic of a programme chosen earlier stays while it is the lesson's.
        topic.queryset = topic.queryset.filter(pk__in=[*names, *filter(None, [self.instance.topic_id])])
        topic.queryset = topic.queryset.order_by("programme", "position")
        topic.label_from_instance = lambda one: names.get(one.pk, f"{one.name} (из другой программы)")
        topic.empty_label = "без темы программы"
        for name in lessons.LISTS:
            self.fields[name].queryset = offered[name]
        if not asks_reason:
            del self.fields["reason"]
        self._fill(homework)

    def _fill(self, homework: Homework | None) -> None:
        held = lessons.files_of(homework)
        self.fields["dropped"].queryset = HomeworkFile.objects.filter(pk__in=[one.pk for one in held])
        self.fields["dropped"].label_from_instance = lambda one: one.file.name
        self.files_held = held
        if not held:
            del self.fields["dropped"]
        if homework is not None:
            self.initial |= {"text": homework.text, "due": homework.due}
            self.initial |= {name: [one.pk for one in getattr(homework, name).all()] for name in lessons.LISTS}

    def seen_now(self, fields: tuple[str, ...]) -> Seen:
        return lessons.seen_of_lesson(self.instance)

    def reason_given(self) -> str:
        return " ".join(self.cleaned_data.get("reason", "").split())

    def links(self) -> dict[str, list]:
        return {name: list(self.cleaned_data[name]) for name in lessons.LISTS}


class KindSelect(forms.Select):
    """Each kind says the weight that it usually has, so that a script may fill it in."""

    weights: dict[str, str] = {}

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        if str(value) in self.weights:
            option["attrs"]["data-weight"] = self.weights[str(value)]
        return option


class WorkForm(forms.Form):
    """A column: the kind's usual weight stands for an empty one."""

    place = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    kind = forms.ModelChoiceField(
        WorkKind.objects.none(), label="Вид работы", required=False, empty_label="не указан", widget=KindSelect
    )
    title = forms.CharField(label="Название", required=False, max_length=100)
    weight = forms.DecimalField(
        label="Вес", required=False, max_digits=5, decimal_places=2, max_value=100, localize=True,
        validators=[MinValueValidator(Decimal("0.1"))],
    )  # fmt: skip
    gone = forms.BooleanField(label="убрать", required=False)

    def __init__(self, *args, kinds: list[WorkKind], **kwargs):
        super().__init__(*args, **kwargs)
        held = self.initial.get("kind")
        shown = [one for one in kinds if one.is_active or one.pk == held]
        field = self.fields["kind"]
        field.queryset = WorkKind.objects.filter(pk__in=[one.pk for one in shown])
        field.choices = [("", "не указан"), *((one.pk, f"{one.name} ({one.code})") for one in shown)]
        field.widget.weights = {str(one.pk): f"{one.weight.normalize():f}".replace(".", ",") for one in shown}
        if not self.initial.get("place"):
            del self.fields["gone"]

    def has_changed(self) -> bool:
        """A new column is asked for by its kind, title or weight; the hidden place alone is none."""
        return bool({"kind", "title", "weight", "gone"} & set(self.changed_data))

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        values = super().clean()
        if values.get("weight") is None and "weight" not in self.errors:
            kind = values.get("kind")
            values["weight"] = kind.weight if kind else Decimal(1)
        return values


_WorkFormSet = formset_factory(WorkForm, extra=0, max_num=20, validate_max=True)


def work_forms(data, works: list[LessonWork], kinds: list[WorkKind]):
    """Columns that are there, and rows for new ones: two where a lesson has none, else one."""
    initial = [
        {"place": one.place, "kind": one.kind_id, "title": one.title, "weight": _short(one.weight)} for one in works
    ]
    made = _WorkFormSet(data, initial=initial, prefix="works", form_kwargs={"kinds": kinds})
    room = max(0, lessons.MOST_WORKS - len(works))
    made.extra = min(room, 1 if works else 2)
    return made


def _short(weight: Decimal) -> Decimal:
    """«3» rather than «3,00»."""
    return weight if weight % 1 else weight.quantize(Decimal(1))
