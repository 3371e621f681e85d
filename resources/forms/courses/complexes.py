"""Complexes and what courses serve: what is typed → clean values."""

from django import forms

from accounts.models import AcademicYear
from resources.forms.grades import ReadingFilterForm
from resources.models import Course, Programme, Topic


class ComplexFilterForm(ReadingFilterForm):
    year = forms.ChoiceField(label="Учебный год", required=False)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["q"]
        names = [(str(year.pk), str(year)) for year in years]
        self.fields["year"].choices = [("", "Все годы"), *names]


class AnnotationForm(forms.Form):
    annotation = forms.CharField(
        label="О комплексе", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class QueryForm(forms.Form):
    q = forms.CharField(label="Найти", max_length=200, required=False)


class ThingsForm(forms.Form):
    """What stands at a topic, chosen from what is offered."""

    LABELS = (("course", "Курсы"), ("material", "Методические материалы"), ("resource", "Внешние ресурсы"),
              ("edition", "Издания"))  # fmt: skip

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        for kind, label in self.LABELS:
            self.fields[kind] = forms.ModelMultipleChoiceField(
                offered[kind], label=label, required=False, widget=forms.CheckboxSelectMultiple
            )


class ServesForm(forms.Form):
    """Programmes that a course serves, and topics of those that are named already (1.6)."""

    programmes = forms.ModelMultipleChoiceField(
        Programme.objects.none(), label="Рабочие программы", required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label="Темы", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, course: Course, year: AcademicYear | None, **kwargs):
        super().__init__(*args, **kwargs)
        named = list(course.programmes.values_list("pk", flat=True))
        rows = Programme.objects.approved().filter(year=year)
        rows = rows.filter(subject=course.subject) if course.subject_id else rows
        offered = Programme.objects.filter(pk__in=[*named, *rows.values_list("pk", flat=True)])
        self.fields["programmes"].queryset = offered.select_related("subject", "year").order_by("grade_from", "pk")
        self.fields["programmes"].label_from_instance = lambda one: f"{one}, {one.year}"
        topics = Topic.objects.filter(programme__in=named).select_related("programme__subject")
        self.fields["topics"].queryset = topics.order_by("programme", "position")
        self.fields["topics"].label_from_instance = lambda one: f"{one.position}. {one.name} ({one.programme.grades})"
        self.initial |= {"programmes": named, "topics": list(course.topics.values_list("pk", flat=True))}

    def clean(self):
        values = super().clean()
        kept = set(values.get("programmes", ()))
        # A programme that is taken away takes its topics along.
        values["topics"] = [topic for topic in values.get("topics", ()) if topic.programme in kept]
        return values
