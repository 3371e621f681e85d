"""What is typed and chosen on the staff pages → clean values."""

from collections.abc import Iterable

from django import forms

from accounts.forms.files import StoredFileField
from accounts.lacks import KINDS
from accounts.models import MethodGroup, Position, QualificationRecord, Skill, Training, User
from accounts.models.staff_records import QUALIFICATION_FIELDS, TRAINING_FIELDS
from eios.lib.date_input import date_input
from eios.lib.dates import today
from eios.lib.filter_form import FilterForm


class _FilterForm(FilterForm):
    """Filters stand in the address; a wrong value is passed over, not an error."""

    q = forms.CharField(label="Поиск по имени", required=False, max_length=200)


def _keys(rows: Iterable, all_of_them: str) -> list[tuple[str, str]]:
    return [("", all_of_them), *[(str(row.pk), str(row)) for row in rows]]


class StaffFilterForm(_FilterForm):
    position = forms.ChoiceField(label="Должность", required=False)
    method_group = forms.ChoiceField(label="ШМО", required=False)
    whole = forms.BooleanField(label="Всех на одной странице", required=False)

    def __init__(self, *args, positions: Iterable[Position], groups: Iterable[MethodGroup], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = _keys(positions, "Любая должность")
        self.fields["method_group"].choices = _keys(groups, "Любое ШМО")


class LacksFilterForm(_FilterForm):
    kind = forms.ChoiceField(label="Чего не хватает", required=False, choices=list(KINDS.items()))
    position = forms.ChoiceField(label="Должность", required=False)
    skill = forms.ChoiceField(label="Навык", required=False)
    whole = forms.BooleanField(label="Всех на одной странице", required=False)

    def __init__(self, *args, positions: Iterable[Position], skills: Iterable[Skill], **kwargs):
        super().__init__(*args, **kwargs)
        self.skills = list(skills)
        self.fields["position"].choices = _keys(positions, "Любая должность")
        self.fields["skill"].choices = _keys(self.skills, "Любой навык")


class TrainingFilterForm(_FilterForm):
    q = forms.CharField(label="Поиск по имени или теме", required=False, max_length=200)
    state = forms.ChoiceField(
        label="Состояние", required=False,
        choices=[("", "Все"), ("waiting", "Ждут"), ("returned", "Возвращены"), ("confirmed", "Подтверждены")],
    )  # fmt: skip


class TrainingForm(forms.ModelForm):
    """A course or a seminar, as its document says."""

    scan = StoredFileField("training_scan", label="Скан документа", required=False)

    class Meta:
        model = Training
        fields = TRAINING_FIELDS
        widgets = {"document_date": date_input(), "valid_until": date_input()}

    def values(self) -> dict:
        """Arguments of the action. Call it on a valid form."""
        return {name: self.cleaned_data[name] for name in (*TRAINING_FIELDS, "scan")}


class SeenForm(forms.Form):
    """Which words were read before they are confirmed."""

    mark = forms.CharField(widget=forms.HiddenInput, max_length=80)


class ReturnForm(SeenForm):
    reason = forms.CharField(
        label="Что поправить", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Прочитает работник: например, «скан не читается».",
    )  # fmt: skip


class _ConfirmedForm(forms.Form):
    """When and how somebody has made sure of a skill."""

    confirmed_on = forms.DateField(label="Когда подтверждено", initial=today, widget=date_input())
    how = forms.CharField(label="Как подтверждено", max_length=200, help_text="Например: тест, наблюдение, занятие.")


class SkillsForm(_ConfirmedForm):
    """Several skills of one employee."""

    skills = forms.ModelMultipleChoiceField(
        label="Навыки", queryset=Skill.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы один навык."},
    )  # fmt: skip
    field_order = ["skills", "confirmed_on", "how"]

    def __init__(self, *args, person: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["skills"].queryset = Skill.objects.exclude(records__person=person)


class PeopleForm(_ConfirmedForm):
    """One skill of several employees."""

    people = forms.ModelMultipleChoiceField(
        label="Работники", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Отметьте хотя бы одного работника.",
            "invalid_choice": "Список изменился: отметьте работников заново.",
        },
    )  # fmt: skip
    field_order = ["people", "confirmed_on", "how"]

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


class QualificationForm(forms.ModelForm):
    class Meta:
        model = QualificationRecord
        fields = QUALIFICATION_FIELDS
        widgets = {"valid_until": date_input()}
