"""Courses at their authors' desk: what is typed → clean values."""

from django import forms

from accounts.forms.files import StoredFileField
from accounts.forms.seen import SeenMixin
from resources.file_owners import COURSE_COVER
from resources.forms.grades import ReadingFilterForm, grade_field, settle_grades
from resources.models import Course, CoursePart
from resources.models.courses import MOST_LETTERS

STATES = [("", "Все"), *Course.State.choices, ("overdue", "Год не пересматривали")]


class DeskFilterForm(ReadingFilterForm):
    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)


class CourseForm(SeenMixin, forms.ModelForm):
    """A course's card; its pages are written apart."""

    settled = ("cover",)

    grade_from = grade_field("С какого класса")
    grade_to = grade_field("По какой класс", help_text="Для одного класса хватит первого поля.")
    upload = StoredFileField(COURSE_COVER, label="Обложка", required=False)

    field_order = [
        "title", "annotation", "subject", "grade_from", "grade_to", "method_group", "closure", "upload", "authors_line",
    ]  # fmt: skip

    class Meta:
        model = Course
        fields = [
            "title", "annotation", "subject", "grade_from", "grade_to", "method_group", "closure", "authors_line",
        ]  # fmt: skip
        widgets = {"annotation": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].empty_label = "вне предметов"
        self.fields["method_group"].empty_label = "не выбрано"
        self.initial["upload"] = self.instance.cover

    def clean(self):
        values = super().clean()
        settle_grades(self, values)
        return values


class PartForm(forms.Form):
    """A new page or section: its name, and where it stands."""

    kind = forms.ChoiceField(label="Что добавить", choices=CoursePart.Kind.choices, initial=CoursePart.Kind.PAGE)
    title = forms.CharField(label="Название", max_length=200)
    parent = forms.ModelChoiceField(
        CoursePart.objects.none(), label="В каком разделе", required=False, empty_label="вне разделов"
    )

    def __init__(self, *args, sections, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = sections


class RenameForm(forms.Form):
    title = forms.CharField(label="Название", max_length=200)
    parent = forms.ModelChoiceField(
        CoursePart.objects.none(), label="В каком разделе", required=False, empty_label="вне разделов"
    )

    def __init__(self, *args, sections, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = sections


class WayForm(forms.Form):
    way = forms.ChoiceField(choices=[("up", "выше"), ("down", "ниже")])


class PageForm(forms.Form):
    """A page as it is written; `version` is the one that its author began from."""

    title = forms.CharField(label="Название страницы", max_length=200)
    text = forms.CharField(
        label="Текст", required=False, strip=False, max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_text(self) -> str:
        # Browsers send line ends of their own.
        return self.cleaned_data["text"].replace("\r\n", "\n").replace("\x00", "")


class PreviewForm(forms.Form):
    text = forms.CharField(required=False, strip=False, max_length=MOST_LETTERS)


class CompareForm(forms.Form):
    """Two versions of a page; a wrong number is passed over."""

    old = forms.IntegerField(required=False, min_value=1)
    new = forms.IntegerField(required=False, min_value=1)


class AuthorSearchForm(forms.Form):
    q = forms.CharField(label="Фамилия работника", required=False, max_length=100)


class PersonForm(forms.Form):
    person = forms.IntegerField(min_value=1)
