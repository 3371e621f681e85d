"""Reviews of elements and connections of outside services, as they are typed → clean values."""

import copy

from django import forms

from eios.lib.date_input import date_input
from eios.lib.dates import today
from eios.lib.filter_form import FilterForm
from resources.models import ConnectionAnswer, ServiceConnection
from resources.reviews import CONNECTIONS, STATES

Requirement, Answer = ConnectionAnswer.Requirement, ConnectionAnswer.Answer


class ReviewFilterForm(FilterForm):
    """Search and filters of the overview; a wrong value in the address is passed over."""

    q = forms.CharField(label="Поиск по элементам", required=False, max_length=200)
    state = forms.ChoiceField(label="Проверка", required=False, choices=list(STATES.items()))
    kind = forms.ChoiceField(
        label="Вид", required=False, choices=[("", "Все"), ("external", "Платформы"), ("built_in", "Разделы портала")]
    )
    connection = forms.ChoiceField(label="Подключение", required=False, choices=list(CONNECTIONS.items()))


def _day(**options) -> forms.DateField:
    return forms.DateField(widget=date_input(), **options)


class ReviewForm(forms.Form):
    """One review; days and the term are checked by the action."""

    complies = forms.TypedChoiceField(
        label="Соответствует ли элемент законодательству и Положению", coerce=lambda value: value == "yes",
        choices=[("yes", "Соответствует"), ("no", "Не соответствует")], widget=forms.RadioSelect,
    )  # fmt: skip
    on = _day(label="Дата проверки", initial=today)
    ground = forms.CharField(
        label="На основании чего", max_length=300, help_text="Закон, пункт Положения, акт проверки."
    )
    note = forms.CharField(
        label="Замечания", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Если не соответствует — чему и что сделать.",
    )  # fmt: skip
    next_due = _day(label="Следующая проверка не позднее", required=False, help_text="Пусто — через год.")

    def clean(self):
        cells = super().clean()
        if cells.get("complies") is False and not cells.get("note"):
            self.add_error("note", "Напишите, чему элемент не соответствует.")
        return cells


class ConnectionForm(forms.ModelForm):
    """What is known of a service, with an answer for each group of requirements of 5.1; a draft may lack answers."""

    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    class Meta:
        model = ServiceConnection
        fields = ["data_passed", "ground", "ground_words", "place"]

    def __init__(self, *args, connection: ServiceConnection | None, **kwargs):
        # A form fills its instance in: the page goes on showing the record as it is.
        super().__init__(*args, instance=copy.copy(connection), **kwargs)
        self.initial["seen"] = connection.version if connection else ""
        told = {row.requirement: row for row in connection.answers.all()} if connection else {}
        for one in Requirement:
            row = told.get(one.value)
            self.fields[f"answer_{one.value}"] = forms.ChoiceField(
                label=one.label, required=False, initial=row.answer if row else "",
                choices=[("", "ещё не отвечено"), *Answer.choices],
            )  # fmt: skip
            self.fields[f"words_{one.value}"] = forms.CharField(
                label=f"Пояснение: {one.label[0].lower()}{one.label[1:]}", required=False, max_length=300,
                initial=row.words if row else "",
            )  # fmt: skip

    @property
    def data_fields(self) -> list:
        return [self[name] for name in self.Meta.fields]

    @property
    def requirement_fields(self) -> list[tuple]:
        """Pairs of bound fields: the answer and its words."""
        return [(self[f"answer_{one.value}"], self[f"words_{one.value}"]) for one in Requirement]

    def clean(self):
        cells = super().clean()
        for one in Requirement:
            answer, words = cells.get(f"answer_{one.value}"), cells.get(f"words_{one.value}", "")
            if answer in (Answer.FAILS, Answer.NOT_APPLICABLE) and not words:
                self.add_error(f"words_{one.value}", "Поясните ответ.")
        return cells

    @property
    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def answers(self) -> dict[str, tuple[str, str]]:
        """(answer, words) of the requirements that are answered."""
        cells = self.cleaned_data
        return {
            one.value: (cells[f"answer_{one.value}"], cells[f"words_{one.value}"])
            for one in Requirement
            if cells[f"answer_{one.value}"]
        }
