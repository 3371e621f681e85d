"""A work's card, a version's contents, a co-author, the filters of lists → clean values."""

from django import forms

from accounts.forms.files import ManyFilesField
from accounts.forms.seen import SeenMixin
from accounts.models import SchoolClass, User
from eios.lib.filter_form import FilterForm
from eios.lib.text import validate_markdown
from portfolio import works
from portfolio.file_owners import WORK_FILE
from portfolio.forms.lines import LinesField, link_of
from portfolio.models import Sphere, Work, WorkFile, WorkLink, WorkVersion
from resources.models import Subject


class WorkForm(SeenMixin, forms.ModelForm):
    """The card. Lessons and mentors that are offered are the pupil's own."""

    class Meta:
        model = Work
        fields = list(works.CARD)
        help_texts = {
            "task": "Если работа не с урока: конкурс, кружок, своя затея.",
            "mentor": "Учитель, который руководил работой: он увидит её, когда вы откроете её для рецензий.",
            "other_authors": "Имена тех, у кого нет учётной записи. Соавторов из школы добавите на странице работы.",
        }

    def __init__(self, *args, pupil: User, date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "выберите вид"), *self.fields["kind"].choices[1:]]
        self.fields["sphere"].choices = [("", "выберите сферу"), *Sphere.choices]
        if self.instance._state.adding:
            # Nobody's research lands among studies because a field was passed over.
            self.initial["sphere"] = ""
        self.fields["subject"].empty_label = "не по предмету"
        mentor, lesson = self.fields["mentor"], self.fields["lesson"]
        mentor.queryset = works.teachers_of(pupil, date) | User.objects.filter(pk=self.instance.mentor_id)
        mentor.empty_label, lesson.empty_label = "не указан", "не с урока"
        offered = works.lessons_of(pupil, date).values("pk")[:200]
        lesson.queryset = lesson.queryset.filter(pk__in=[row["pk"] for row in offered] + [self.instance.lesson_id])
        lesson.queryset = lesson.queryset.select_related("gradebook__subject").order_by("-date", "pk")
        lesson.label_from_instance = _lesson_words


def _lesson_words(lesson) -> str:
    matter = f", {lesson.subject_matter}" if lesson.subject_matter else ""
    return f"{lesson.date:%d.%m.%Y}, {lesson.gradebook.subject}{matter}"[:120]


class VersionForm(SeenMixin, forms.ModelForm):
    """Text, reflection, files and links of the open version; `dropped_…` are taken away."""

    uploads = ManyFilesField(WORK_FILE, label="Добавить файлы")
    links = LinesField(
        label="Добавить ссылки",
        help_text="По одной в строке. Перед ссылкой можно написать, что за ней: «Видео https://…».",
    )
    dropped_files = forms.ModelMultipleChoiceField(
        WorkFile.objects.none(), label="Убрать файлы", required=False, widget=forms.CheckboxSelectMultiple
    )
    dropped_links = forms.ModelMultipleChoiceField(
        WorkLink.objects.none(), label="Убрать ссылки", required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = WorkVersion
        fields = ["text", "reflection"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
            "reflection": forms.Textarea(attrs={"rows": 4, "spellcheck": "true"}),
        }
        help_texts = {
            "text": "Необязательно, если работа в файле. Заголовок — строка с «## », список — строки с «- ».",
            "reflection": "Что получилось, что далось трудно, что сделали бы иначе.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        files, links = self.instance.files.select_related("file"), self.instance.links.all()
        for name, rows in (("dropped_files", files), ("dropped_links", links)):
            self.fields[name].queryset = rows
            self.fields[name].label_from_instance = str
            if not rows.exists():
                del self.fields[name]

    def clean_text(self) -> str:
        validate_markdown(self.cleaned_data["text"])
        return self.cleaned_data["text"]

    def clean_links(self) -> list[tuple[str, str]]:
        return [link_of(line) for line in self.cleaned_data["links"]]

    def dropped(self, name: str) -> list[int]:
        return [one.pk for one in self.cleaned_data.get(name, ())]


class SealForm(forms.Form):
    """What the author saw when asked whether to seal."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class AuthorForm(forms.Form):
    """A co-author among those found."""

    person = forms.ModelChoiceField(None, label="Соавтор", widget=forms.RadioSelect, empty_label=None)
    contribution = forms.CharField(
        label="Что делает в работе", required=False, max_length=200, help_text="Например: опыты, рисунки, монтаж."
    )

    def __init__(self, *args, offered: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.filter(pk__in=[one.pk for one in offered]).order_by("sort_name")
        self.fields["person"].label_from_instance = User.get_full_name


class MatesForm(FilterForm):
    """Among whom a co-author is looked for."""

    q = forms.CharField(label="Фамилия или имя", required=False, max_length=100)
    school_class = forms.ModelChoiceField(None, label="Класс", required=False, empty_label="мой класс")

    def __init__(self, *args, classes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes


class WorkFilterForm(FilterForm):
    """Filters of works of pupils."""

    q = forms.CharField(label="Название или автор", required=False, max_length=100)
    school_class = forms.ModelChoiceField(None, label="Класс", required=False, empty_label="Все классы")
    subject = forms.ModelChoiceField(
        Subject.objects.order_by("name"), label="Предмет", required=False, empty_label="Все предметы"
    )
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Все виды"), *Work.Kind.choices])
    unreviewed = forms.BooleanField(label="Без рецензий", required=False)

    def __init__(self, *args, date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = SchoolClass.objects.of_year_on(date).order_by("grade", "letter")

    @property
    def is_narrowed(self) -> bool:
        return any(self.values().values())
