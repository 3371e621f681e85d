"""Work programmes: what is typed and chosen → clean values."""

from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.forms.files import StoredFileField
from accounts.forms.seen import SeenMixin
from accounts.models import AcademicYear, Order
from eios.lib import grades
from eios.lib.date_input import date_input
from eios.lib.dates import today
from eios.lib.filter_form import FilterForm
from eios.lib.tables import TableError
from resources import curricula, programmes, topic_links
from resources.file_owners import PROGRAMME_FILE
from resources.importing import thematic_plan
from resources.models import Programme, Subject

GRADES = [("", "Любой класс"), *((grade, f"{grade} класс") for grade in range(grades.FIRST, grades.LAST + 1))]


class ProgrammeFilterForm(FilterForm):
    """What the list shows; a wrong value in the address is passed over, not an error."""

    q = forms.CharField(label="Предмет, название или автор", required=False, max_length=200)
    grade = forms.TypedChoiceField(label="Класс", required=False, choices=GRADES, coerce=int, empty_value=None)
    subject = forms.ModelChoiceField(Subject.objects.all(), label="Предмет", required=False, empty_label="Все предметы")
    year = forms.ModelChoiceField(
        AcademicYear.objects.all(), label="Учебный год", required=False, empty_label="Текущий год"
    )

    def narrow(self, years: QuerySet[AcademicYear], subjects: QuerySet[Subject]) -> None:
        """Offers only what has programmes; what was asked for is clean by then."""
        self.fields["year"].queryset, self.fields["subject"].queryset = years, subjects


class WorkFilterForm(FilterForm):
    """Which of those in work the list shows; a wrong value in the address is passed over."""

    state = forms.ChoiceField(
        label="Состояние", required=False,
        choices=[("", "Любое"), *(one for one in Programme.State.choices if one[0] != Programme.State.APPROVED)],
    )  # fmt: skip


class ProgrammeForm(SeenMixin, forms.ModelForm):
    """A draft: what it is, its texts or its file, and the platforms that it uses."""

    settled = ("file",)

    upload = StoredFileField(
        PROGRAMME_FILE,
        label="Файл программы",
        required=False,
        help_text="PDF или DOCX; вместо текстов или вместе с ними.",
    )

    class Meta:
        model = Programme
        fields = [
            "kind", "subject", "title", "grade_from", "grade_to", "year", "method_group", "explanation", "content",
            "results",
        ]  # fmt: skip
        widgets = {
            "explanation": forms.Textarea(attrs={"rows": 5}),
            "content": forms.Textarea(attrs={"rows": 10}),
            "results": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].initial = self.instance.file
        self.fields["subject"].empty_label = self.fields["year"].empty_label = "выберите"
        self.fields["method_group"].empty_label = "без ШМО"

    def clean(self):
        values = super().clean()
        first, last = values.get("grade_from"), values.get("grade_to")
        if first and last and first > last:
            self.add_error("grade_to", "«По класс» не меньше, чем «с класса».")
        if values.get("kind") != Programme.Kind.SUBJECT and not values.get("title"):
            self.add_error("title", "Назовите практику или курс.")
        return values


class ListsForm(SeenMixin, forms.ModelForm):
    """What the programme uses: platforms, outside resources, editions, professional databases."""

    class Meta:
        model = Programme
        fields = ["elements", "resources", "editions", "reference_systems"]
        widgets = {
            "elements": forms.CheckboxSelectMultiple,
            "resources": forms.CheckboxSelectMultiple,
            "editions": forms.CheckboxSelectMultiple,
            "reference_systems": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._topics = topic_links.used_by(self.instance)
        for name, offered in programmes.offered(self.instance).items():
            self.fields[name].queryset = offered
            self.fields[name].label_from_instance = partial(_used, topics=self._topics.get(name, {}))

    def left(self) -> list[str]:
        """What leaves the lists though topics use it, each in a sentence; asked before it is recorded."""
        return [
            f"«{row}» больше нет в списках; название осталось словами: {topic_links.numbers(topics[row.pk])}."
            for name, topics in self._topics.items()
            for row in self.fields[name].queryset.filter(pk__in=topics)
            if row not in self.cleaned_data[name]
        ]


def _used(row, topics: dict[int, list[int]]) -> str:
    """Its name, and which topics use it: they lose the link where it leaves the list."""
    name = getattr(row, "caption", None) or str(row)
    return f"{name} ({topic_links.numbers(topics[row.pk])})" if row.pk in topics else name


class PlanForm(forms.Form):
    """A thematic plan: typed, pasted from a spreadsheet, or as a table's file."""

    typed = forms.CharField(
        label="Темы по строкам", required=False, strip=False, max_length=600_000,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
        help_text="Тема; часы; вид работы; как проводится; ресурсы. Строка без часов — раздел. "
        "Можно вставить столбцы из таблицы.",
    )  # fmt: skip
    table = forms.FileField(
        label="Или файл с таблицей", required=False,
        help_text="XLSX, ODS, CSV или DOCX: столбцы «Тема» и «Часов». Сначала покажем, что в нём прочитано.",
    )  # fmt: skip

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def see_again(self, stored: str) -> None:
        """The plan was changed by another: what is stored stands beside what was typed; a second post goes over it."""
        self.data = self.data.copy()
        self.data["seen"] = self.initial["seen"]
        self.stored = stored

    def clean(self):
        values = super().clean()
        upload = values.get("table")
        if self.errors:
            return values
        try:
            plan = thematic_plan.from_file(upload.read()) if upload else thematic_plan.from_text(values["typed"])
        except TableError as error:
            self.add_error("table", str(error))
            return values
        field = "table" if upload else "typed"
        for error in plan.errors[:20]:
            self.add_error(field, error)
        if len(plan.errors) > 20:
            self.add_error(field, f"И ещё замечаний: {len(plan.errors) - 20}.")
        if upload and not plan.lines and not plan.errors:
            self.add_error(field, "В таблице нет ни одной темы с часами.")
        return values | {"plan": plan}


class SubmitForm(forms.Form):
    """Whether the author has seen that the plan's hours differ from the curriculum's: the mark of what was seen."""

    hours = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput)


class ConsiderForm(forms.Form):
    """The ШМО's protocol."""

    protocol = forms.CharField(label="Протокол заседания ШМО №", max_length=30)
    day = forms.DateField(label="Дата протокола", widget=date_input(), initial=today)


class ReasonForm(forms.Form):
    """Why it is returned, or why there will be none next year."""

    reason = forms.CharField(label="Причина", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ApproveForm(forms.Form):
    """One order, and the agreed programmes that it approves."""

    order = forms.ModelChoiceField(
        Order.objects.none(), label="Приказ", empty_label="выберите",
        help_text="Исполненный приказ по основной деятельности.",
    )  # fmt: skip
    programmes = forms.ModelMultipleChoiceField(
        Programme.objects.none(), label="Согласованные программы", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одну программу."},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = Order.objects.approving()
        self.fields["order"].label_from_instance = curricula.order_words
        self.fields["programmes"].queryset = (
            Programme.objects.filter(state=Programme.State.AGREED).for_lists().order_by("grade_from", "subject__name")
        )


class RenewForm(forms.Form):
    """Which of the former year's are carried on."""

    programmes = forms.ModelMultipleChoiceField(Programme.objects.none(), label="Программы")

    def __init__(self, *args, queryset, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programmes"].queryset = queryset

    def clean_programmes(self):
        found = self.cleaned_data["programmes"]
        if not found:
            raise ValidationError("Отметьте хотя бы одну программу.")
        return found
