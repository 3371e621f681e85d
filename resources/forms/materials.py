"""Methodical materials: what is typed → clean values."""

from django import forms

from accounts.forms.files import StoredFileField
from accounts.forms.seen import SeenMixin
from accounts.models import MethodGroup
from resources.file_owners import MATERIAL_FILE
from resources.forms.grades import ReadingFilterForm, grade_field, settle_grades
from resources.models import MethodicalMaterial


class MaterialFilterForm(ReadingFilterForm):
    method_group = forms.ChoiceField(label="ШМО", required=False)
    activity = forms.ChoiceField(
        label="Вид учебной деятельности", required=False,
        choices=[("", "Любой вид деятельности"), *MethodicalMaterial.Activity.choices],
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        groups = [(str(one.pk), one.name) for one in MethodGroup.objects.all()]
        self.fields["method_group"].choices = [("", "Все ШМО"), *groups]


class DeskFilterForm(MaterialFilterForm):
    state = forms.ChoiceField(
        label="Состояние", required=False,
        choices=[("", "Все"), (MethodicalMaterial.State.DRAFT, "Черновики"),
                 (MethodicalMaterial.State.PUBLISHED, "Опубликованы")],
    )  # fmt: skip


class MaterialForm(SeenMixin, forms.ModelForm):
    """A material as its author writes it; whether it is published is another act."""

    settled = ("file",)

    grade_from = grade_field("С какого класса")
    grade_to = grade_field("По какой класс", help_text="Для одного класса хватит первого поля.")
    upload = StoredFileField(MATERIAL_FILE, label="Файл", required=False)

    field_order = ["title", "activity", "subject", "method_group", "grade_from", "grade_to", "annotation", "text",
                   "upload", "links"]  # fmt: skip

    class Meta:
        model = MethodicalMaterial
        fields = [
            "title", "activity", "subject", "method_group", "grade_from", "grade_to", "annotation", "text", "links",
        ]  # fmt: skip
        widgets = {
            "annotation": forms.Textarea(attrs={"rows": 3}),
            "text": forms.Textarea(attrs={"rows": 14}),
            "links": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["activity"].choices = [("", "выберите"), *MethodicalMaterial.Activity.choices]
        self.fields["subject"].empty_label = "вне предметов"
        self.fields["method_group"].empty_label = "не выбрано"
        self.initial["upload"] = self.instance.file

    def clean(self):
        values = super().clean()
        settle_grades(self, values)
        return values
