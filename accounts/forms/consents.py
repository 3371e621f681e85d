"""What people answer about consents, and what class teachers record of papers → clean values."""

import datetime
from collections.abc import Iterable

from django import forms

from accounts.consents import Paper, Row
from accounts.forms.files import StoredFileField
from accounts.models import Consent, ConsentKind, ConsentText, Relation, User
from eios.lib.date_input import date_input
from eios.lib.dates import today
from eios.lib.filter_form import FilterForm

NOT_ON_RECORD, NO_SIGNATURE = "0", "none"


class ConsentForm(forms.Form):
    """The tick under a text. It remembers which words were read, so that a stale page asks again."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=60)
    agree = forms.BooleanField(
        label="Текст прочитан, согласие даю",
        error_messages={"required": "Поставьте отметку: без неё согласие не даётся."},
    )

    def __init__(self, *args, tick: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agree"].label = tick

    def is_stale(self, text: ConsentText) -> bool:
        """Was another text shown than is in force now? Call it after `is_valid`."""
        return self.cleaned_data.get("version") != text.mark


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Причина", required=False, max_length=300, help_text="Называть её не обязательно. Её прочитает школа."
    )


class PaperWithdrawForm(forms.Form):
    note = forms.CharField(
        label="Бумага",
        max_length=300,
        help_text="Чьё заявление и от какого числа. Сама бумага хранится в школе.",
        error_messages={"required": "Укажите бумагу: чьё заявление и от какого числа."},
    )


class ClassConsentsForm(FilterForm):
    """Filters of the class page; all boxes may come ticked, so that no script is needed for that."""

    STATES = [("", "Все"), ("missing", "Не дано"), ("given", "Дано")]

    kind = forms.ChoiceField(label="На что согласие", required=False)
    state = forms.ChoiceField(label="Состояние", required=False, choices=STATES)
    ticked = forms.BooleanField(label="Отметить всех", required=False)

    def __init__(self, *args, kinds: Iterable[ConsentKind], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Все виды"), *((kind.value, short(kind)) for kind in kinds)]


def short(kind: str) -> str:
    """A kind in a word or two, for pills and heads of columns."""
    return {
        ConsentKind.PROCESSING: "Обработка данных",
        ConsentKind.PUBLICATION: "Распространение",
        ConsentKind.PORTFOLIO: "Показ портфолио",
    }[ConsentKind(kind)]


class PaperPickForm(forms.Form):
    """Pupils ticked on the class page, and whose papers they are."""

    kind = forms.ChoiceField(widget=forms.HiddenInput)
    pupil = forms.TypedMultipleChoiceField(
        label="Обучающиеся",
        coerce=int,
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "Отметьте в списке тех, кто сдал подписанную бумагу.",
            "invalid_choice": "Список класса изменился: отметьте обучающихся заново.",
        },
    )

    def __init__(self, *args, kinds: Iterable[ConsentKind], pupils: Iterable[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {person.pk: person for person in pupils}
        self.fields["kind"].choices = [(kind, kind) for kind in kinds]
        self.fields["pupil"].choices = [(key, str(person)) for key, person in self.by_key.items()]

    def people(self) -> list[User]:
        """The ticked pupils, in the order of the list. Call it on a valid form."""
        ticked = set(self.cleaned_data["pupil"])
        return [person for key, person in self.by_key.items() if key in ticked]

    @property
    def refusal(self) -> str:
        """Why the page can't go on, in a sentence."""
        return self.errors["pupil"][0] if "pupil" in self.errors else "Выберите вид согласия ещё раз."


class PapersForm(forms.Form):
    """What stands on the papers: the day, who signed each, and for a single paper its scan."""

    signed_on = forms.DateField(label="Когда подписано", widget=date_input())
    note = forms.CharField(
        label="Примечание", required=False, max_length=300, help_text="Например, что на бланке вычеркнуто."
    )

    def __init__(self, *args, rows: list[Row], relations: dict[int, list[Relation]], **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        self.parents = {str(one.parent_id): one.parent for found in relations.values() for one in found}
        self.fields["signed_on"].initial = today()
        if len(rows) == 1:
            self.fields["scan"] = StoredFileField("consent_scan", label="Скан", required=False)
        for row in rows:
            self._ask_about(row, relations.get(row.person.pk, []))

    def _ask_about(self, row: Row, relations: list[Relation]) -> None:
        missing = row.states[0].missing
        if Consent.Capacity.PARENT in missing:
            self.fields[f"parent_{row.person.pk}"] = self._parent_field(row.person, relations)
        if set(Consent.OWN) & set(missing):
            label = f"{row.person}: подпись обучающегося"
            self.fields[f"own_{row.person.pk}"] = forms.BooleanField(label=label, required=False, initial=True)

    def _parent_field(self, person: User, relations: list[Relation]) -> forms.ChoiceField:
        known = [(str(row.parent_id), f"{row.parent.get_full_name()}, {row.get_kind_display()}") for row in relations]
        choices = [*known, (NOT_ON_RECORD, "представитель, которого в портале нет"), (NO_SIGNATURE, "подписи нет")]
        # Of several representatives nobody is guessed: who signed stands on the paper.
        initial = known[0][0] if len(known) == 1 else "" if known else NOT_ON_RECORD
        return forms.ChoiceField(
            label=f"{person}: подпись законного представителя",
            choices=choices if initial else [("", "выберите, кто подписал"), *choices],
            initial=initial,
            error_messages={"required": "Выберите, кто подписал."},
        )

    def clean_signed_on(self) -> datetime.date:
        if self.cleaned_data["signed_on"] > today():
            raise forms.ValidationError("Бумага не может быть подписана в будущем.")
        return self.cleaned_data["signed_on"]

    def papers(self) -> list[Paper]:
        """Who signed each paper. Call it on a valid form."""
        return [self._paper(row.person) for row in self.rows]

    def _paper(self, subject: User) -> Paper:
        signer = self.cleaned_data.get(f"parent_{subject.pk}", NO_SIGNATURE)
        return Paper(
            subject,
            by_parent=signer != NO_SIGNATURE,
            parent=self.parents.get(signer),
            by_pupil=self.cleaned_data.get(f"own_{subject.pk}", False),
        )
