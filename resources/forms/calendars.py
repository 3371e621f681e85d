"""The rows of a calendar schedule: what is typed → clean values, errors at their rows."""

from django import forms

from eios.lib.date_input import date_input
from resources import calendars
from resources.forms.year_plans import BeginForm
from resources.models import AcademicCalendar, CalendarEntry

EXAMPLE, EMPTY = "example", "empty"
MOST = 60


class CalendarForm(BeginForm):
    """A new calendar."""

    begin = forms.ChoiceField(
        label="С чего начать",
        choices=[(EXAMPLE, "с примера по датам 2025/26 учебного года"), (EMPTY, "с пустого графика")],
        widget=forms.RadioSelect,
        initial=EXAMPLE,
    )

    class Meta(BeginForm.Meta):
        model = AcademicCalendar


class CalendarHeadForm(forms.ModelForm):
    """What stands above the rows; `version` is what the page was drawn from."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = AcademicCalendar
        fields = ["week", "title"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version


class EntryForm(forms.Form):
    # The browser posts the first choice of an untouched row: it must not count as typed.
    kind = forms.ChoiceField(label="Что это", choices=CalendarEntry.Kind.choices, initial=CalendarEntry.Kind.values[0])
    name = forms.CharField(label="Название", max_length=80)
    starts = forms.DateField(label="С", widget=date_input())
    ends = forms.DateField(label="По", widget=date_input())
    grade = forms.TypedChoiceField(label="Только для", required=False, coerce=int, empty_value=None)

    def __init__(self, *args, grades: range, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].choices = [("", "всех классов"), *((grade, f"{grade} класса") for grade in grades)]

    def entry(self) -> CalendarEntry:
        values = self.cleaned_data
        return CalendarEntry(**{name: values[name] for name in ("kind", "name", "starts", "ends", "grade")})


class BaseEntries(forms.BaseFormSet):
    """All rows at once, in any order."""

    calendar: AcademicCalendar | None = None

    def initial_form_count(self) -> int:
        """Rows that the calendar has, whatever was posted about their number: they count unchanged, too."""
        return len(self.initial or [])

    def filled(self) -> list[EntryForm]:
        """Rows that stand after saving: former ones, and new ones where something is typed."""
        rows = [*self.initial_forms, *(one for one in self.extra_forms if one.has_changed())]
        return [one for one in rows if not self._should_delete_form(one)]

    def clean(self) -> None:
        """Days against each other; what contradicts is said at its row."""
        if len(self.forms) < len(self.initial or []):
            raise forms.ValidationError("Страница пришла не целиком: откройте её заново и повторите.")
        found = [one for one in self.filled() if one.is_valid()]
        for place, words in calendars.problems_of(self.calendar, [one.entry() for one in found]):
            found[place].add_error("starts", words)

    def is_valid(self) -> bool:
        # `clean` adds errors to rows that were found valid before.
        return super().is_valid() and not any(one.errors for one in self.filled())

    def entries(self) -> list[CalendarEntry]:
        """What the action takes; of valid rows."""
        return [one.entry() for one in self.filled()]


EntrySet = forms.formset_factory(
    EntryForm, formset=BaseEntries, extra=4, max_num=MOST, absolute_max=MOST, can_delete=True
)


def entry_set(calendar: AcademicCalendar, data=None) -> BaseEntries:
    """The rows of a calendar as forms, with a few empty ones."""
    names = ("kind", "name", "starts", "ends", "grade")
    initial = [{name: getattr(one, name) for name in names} for one in calendar.entries.all()]
    made = EntrySet(data, initial=initial, form_kwargs={"grades": calendar.grades}, prefix="entry")
    made.calendar = calendar
    return made
