"""Lessons: which days are generated, one by hand, topics laid out, the programme, kinds of work → clean values."""

import datetime

from django import forms

from accounts.forms.seen import SeenMixin
from accounts.models import AcademicYear
from eios.lib.date_input import date_input
from journal.models import WorkKind
from journal.models.timetables import LAST_NUMBER
from resources.models import Programme


class SpanForm(forms.Form):
    """Days from–to within the year; `seen`: the plan that was confirmed."""

    starts = forms.DateField(label="С", widget=date_input())
    ends = forms.DateField(label="По", widget=date_input(), help_text="Включительно.")
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, year: AcademicYear, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year

    def clean(self):
        values = super().clean()
        starts, ends = values.get("starts"), values.get("ends")
        for name in ("starts", "ends"):
            day = values.get(name)
            if day and not self.year.starts <= day <= self.year.ends:
                self.add_error(name, f"Этот день не в {self.year} учебном году.")
        if starts and ends and ends < starts:
            self.add_error("ends", "Последний день не может быть раньше первого.")
        return values

    def span(self) -> tuple[datetime.date, datetime.date] | None:
        """The days where they are good, whatever else was refused."""
        if not self.is_bound:
            return None
        self.is_valid()
        found = (self.cleaned_data.get("starts"), self.cleaned_data.get("ends"))
        return found if all(found) else None


class LessonReasonForm(forms.Form):
    """Why one who does not teach here, or comes late, writes in the gradebook."""

    reason = forms.CharField(label="Почему", required=False, max_length=300)

    def __init__(self, *args, asks_reason: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_reason:
            del self.fields["reason"]

    def reason_given(self) -> str:
        return " ".join(self.cleaned_data.get("reason", "").split())


class AddForm(LessonReasonForm):
    date = forms.DateField(label="Дата", widget=date_input())
    number = forms.IntegerField(label="Который урок дня", min_value=0, max_value=LAST_NUMBER)

    field_order = ["date", "number", "reason"]

    def __init__(self, *args, year: AcademicYear, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_date(self) -> datetime.date:
        date = self.cleaned_data["date"]
        if not self.year.starts <= date <= self.year.ends:
            raise forms.ValidationError(f"Этот день не в {self.year} учебном году.")
        return date


class LayForm(LessonReasonForm):
    """From which day lessons without a topic get one."""

    starts = forms.DateField(label="Уроки с", widget=date_input())
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    field_order = ["starts", "reason"]


class ProgrammeForm(forms.Form):
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label="Рабочая программа", required=False,
        empty_label="единственная утверждённая",
        help_text="Утверждённые программы предмета для этой параллели и этого года.",
    )  # fmt: skip

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = offered
        self.fields["programme"].label_from_instance = lambda one: f"{one}, {one.author.initials}"


class WorkKindForm(SeenMixin, forms.ModelForm):
    """A kind that is there keeps its code: it stands at marks."""

    class Meta:
        model = WorkKind
        fields = ["code", "name", "weight", "order", "is_active"]
        localized_fields = ["weight"]
        help_texts = {"order": "Меньшее — выше в списке.", "is_active": "Снимите, чтобы больше не предлагать."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True
            self.fields["code"].help_text = "Код не меняют: он стоит у отметок."
