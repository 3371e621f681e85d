"""What is chosen in the addresses of the journal's reports; a wrong value is passed over, not an error."""

from collections.abc import Iterable

from django import forms

from accounts.models import AcademicYear, SchoolClass
from eios.lib.filter_form import FilterForm
from journal.reports.anomalies import Kind
from journal.reports.quality import BY
from journal.reports.terms import Chosen
from resources.models import Subject


class YearForm(FilterForm):
    """The school year, named by its first: «2026» is 2026/2027."""

    year = forms.ChoiceField(label="Учебный год", required=False)

    def __init__(self, *args, years: Iterable[AcademicYear], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(one.starts.year), str(one)) for one in years]


class WhenForm(FilterForm):
    """Which results: of a term, of the year, the final ones."""

    when = forms.ChoiceField(label="Результаты", required=False)

    def __init__(self, *args, there: Iterable[Chosen], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = [(one.code, one.title) for one in there]


class QualityForm(WhenForm):
    by = forms.ChoiceField(label="Как", required=False, choices=list(BY.items()))
    school_class = forms.ChoiceField(label="Класс", required=False)
    subject = forms.ChoiceField(label="Предмет", required=False)

    def __init__(self, *args, classes: Iterable[SchoolClass], subjects: Iterable[Subject], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = [("", "Все классы"), *((str(one.pk), one.name) for one in classes)]
        self.fields["subject"].choices = [("", "Все предметы"), *((str(one.pk), one.name) for one in subjects)]


class AnomalyForm(FilterForm):
    term = forms.ChoiceField(label="Период", required=False)
    kind = forms.ChoiceField(
        label="Что именно", required=False, choices=[("", "Всё"), *((one.value, one.title) for one in Kind)]
    )
    school_class = forms.ChoiceField(label="Класс", required=False)
    whole = forms.BooleanField(label="Всё на одной странице", required=False)

    def __init__(self, *args, terms: Iterable[tuple[int, str]], classes: Iterable[SchoolClass], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["term"].choices = [(str(number), title) for number, title in terms]
        self.fields["school_class"].choices = [("", "Все классы"), *((str(one.pk), one.name) for one in classes)]
