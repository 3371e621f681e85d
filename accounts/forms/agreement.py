"""What people tick and choose around the agreement → clean values."""

from collections.abc import Iterable

from django import forms

from accounts.acceptance import GROUPS
from accounts.models import Acceptance, AgreementEdition, SchoolClass, User
from eios.lib.filter_form import FilterForm


class AcceptForm(forms.Form):
    """The tick under a text. It remembers which words were read and as whom, so that a stale page asks again."""

    edition = forms.CharField(widget=forms.HiddenInput, max_length=60)
    kind = forms.ChoiceField(widget=forms.HiddenInput, choices=Acceptance.Kind.choices)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    agree = forms.BooleanField(
        label="Текст прочитан, условия понятны и принимаются",
        error_messages={"required": "Поставьте отметку: без неё соглашение не принимается."},
    )

    def __init__(self, *args, tick: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        if tick:
            self.fields["agree"].label = tick

    def is_stale(self, edition: AgreementEdition, kind: str) -> bool:
        """Was another text shown, or to be accepted otherwise, than is asked now? Call it after `is_valid`."""
        return (self.cleaned_data.get("edition"), self.cleaned_data.get("kind")) != (edition.mark, kind)


class PaperForm(forms.Form):
    """Pupils ticked on the class page."""

    pupil = forms.TypedMultipleChoiceField(
        label="Обучающиеся",
        coerce=int,
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "Отметьте в списке тех, кто сдал подписанное соглашение.",
            "invalid_choice": "Список класса изменился: отметьте обучающихся заново.",
        },
    )

    def __init__(self, *args, pupils: Iterable[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {person.pk: person for person in pupils}
        self.fields["pupil"].choices = [(key, str(person)) for key, person in self.by_key.items()]

    def people(self) -> list[User]:
        """The ticked pupils, in the order of the list. Call it on a valid form."""
        ticked = set(self.cleaned_data["pupil"])
        return [person for key, person in self.by_key.items() if key in ticked]


class StateFilterForm(FilterForm):
    """Whom the list shows; a wrong value in the address is passed over, not an error."""

    STATES = [("", "Все"), ("waiting", "Не приняли"), ("accepted", "Приняли")]

    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)


class ClassFilterForm(StateFilterForm):
    """Filters of the class page; all boxes may come ticked, so that no script is needed for that."""

    ticked = forms.BooleanField(label="Отметить всех", required=False)


class ReportFilterForm(StateFilterForm):
    """Filters of the school's report; they stand in the address."""

    q = forms.CharField(label="Поиск по имени", required=False, max_length=200)
    group = forms.ChoiceField(
        label="Кто", required=False, choices=[(code, title) for code, (title, _) in GROUPS.items()]
    )
    school_class = forms.ChoiceField(label="Класс", required=False)
    whole = forms.BooleanField(label="Всех на одной странице", required=False)

    def __init__(self, *args, classes: Iterable[SchoolClass], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = [("", "Все классы"), *[(str(one.pk), one.name) for one in classes]]
