"""What is typed and ticked about orders → clean values for the actions."""

import datetime
from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.files import StoredFileField
from accounts.models import Appointment, MethodGroup, Order, OrderKind, OrderLine, Position, SchoolClass, User
from accounts.planning.kinds import EMPLOYEE, rules_of
from accounts.signing import directors, signature_of
from eios.lib import russian
from eios.lib.date_input import date_input
from eios.lib.filter_form import FilterForm

DATE = {"widget": date_input()}
LONG_TEXT = 500


class ClassChoice(forms.ModelChoiceField):
    def label_from_instance(self, school_class: SchoolClass) -> str:
        return f"{school_class.name}, {school_class.year}"


class SignatoryChoice(forms.ModelChoiceField):
    """Directors, acting ones included, with the words under the order."""

    def label_from_instance(self, row: Appointment) -> str:
        return signature_of(row)


class OrderForm(forms.ModelForm):
    """The head of an order. The signatory is chosen among the directors, or written by hand."""

    signed_by = SignatoryChoice(
        label="Подписал", queryset=Appointment.objects.none(), required=False, empty_label="Другой — впишу ниже"
    )

    class Meta:
        model = Order
        fields = ["number", "date", "effective_on", "title", "basis", "signatory_name"]
        field_classes = {"date": forms.DateField, "effective_on": forms.DateField}
        widgets = {"date": DATE["widget"], "effective_on": DATE["widget"], "basis": forms.Textarea(attrs={"rows": 2})}
        labels = {"signatory_name": "Подпись, если в списке нет"}
        help_texts = {"number": "Как в книге приказов: 43/1-к. Номер можно вписать позже, до подписания."}

    field_order = ["number", "date", "effective_on", "title", "basis", "signed_by", "signatory_name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["signed_by"].queryset = directors()
        self.initial["signed_by"] = self._chosen()
        if self.instance.kind == OrderKind.CANCELLATION:
            self.fields["effective_on"].help_text = "Отмена действует сразу: не позже сегодняшнего дня."

    def _chosen(self) -> int | None:
        wanted = directors().on(self.instance.date)
        if not self.instance._state.adding:
            wanted = wanted.filter(person=self.instance.signatory_id)
        return wanted.order_by("-is_acting", "pk").values_list("pk", flat=True).first()

    def clean(self):
        cleaned = super().clean()
        row, date = cleaned.get("signed_by"), cleaned.get("date")
        if row and date and not row.in_force_on(date):
            on = russian.short_date(date)
            self.add_error("signed_by", f"На {on} этот человек не директор: выберите другого или исправьте дату.")
        return cleaned

    def head(self) -> dict:
        """Fields of the order, the signatory's person and words among them. Call it on a valid form."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        row = self.cleaned_data["signed_by"]
        values["signatory"] = row.person if row else None
        values["signatory_name"] = signature_of(row) if row else values["signatory_name"]
        return values


class LineFields(forms.Form):
    """What a line says of a person: only what the order's kind needs or offers."""

    school_class = ClassChoice(label="Класс", queryset=SchoolClass.objects.none(), required=False)
    position = forms.ModelChoiceField(label="Должность", queryset=Position.objects.all(), required=False)
    replaced_position = forms.ModelChoiceField(
        label="С какой должности", queryset=Position.objects.all(), required=False,
        help_text="Нужно, если должностей несколько.",
    )  # fmt: skip
    method_group = forms.ModelChoiceField(label="ШМО", queryset=MethodGroup.objects.all(), required=False)
    mode = forms.ChoiceField(label="Что сделать", required=False)
    ends = forms.DateField(label="По какой день", required=False, help_text="Пусто — бессрочно.", **DATE)
    place = forms.CharField(label="Откуда или куда", required=False, max_length=300)
    file_number = forms.CharField(label="№ личного дела", required=False, max_length=30)
    note = forms.CharField(label="Примечание", required=False, max_length=300)

    MODES = [OrderLine.Mode.APPOINT, OrderLine.Mode.REPLACE, OrderLine.Mode.RELEASE]

    def __init__(self, *args, order: Order, **kwargs):
        super().__init__(*args, **kwargs)
        self.order = order
        rules = rules_of(order)
        for name in set(LineFields.base_fields) - set(rules.fields):
            del self.fields[name]
        for name in rules.needs:
            self.fields[name].required = True
        if "school_class" in self.fields:
            self.fields["school_class"].queryset = self._classes(order.effective_on)
        if "mode" in self.fields:
            self.fields["mode"].choices = [(mode.value, mode.label) for mode in self.MODES]
        if "position" in self.fields and rules.whom == EMPLOYEE and order.kind != OrderKind.ACTING:
            self.fields["position"].queryset = Position.objects.exclude(category=Position.Category.DUTY)

    @staticmethod
    def _classes(date: datetime.date):
        classes = SchoolClass.objects.of_year_on(date).select_related("year")
        return classes.order_by("grade", "letter")

    def line(self) -> dict:
        """Fields of a line. Call it on a valid form."""
        names = LineFields.base_fields.keys() & self.fields.keys()
        values = {name: self.cleaned_data[name] for name in names}
        return {name: value for name, value in values.items() if name != "mode" or value}


class PeopleForm(LineFields):
    """People ticked in the list, and what the lines say of all of them."""

    person = forms.TypedMultipleChoiceField(
        label="Люди", coerce=int, widget=forms.MultipleHiddenInput,
        error_messages={
            "required": "Отметьте в списке хотя бы одного человека.",
            "invalid_choice": "Список изменился: отметьте людей заново.",
        },
    )  # fmt: skip

    def __init__(self, *args, people: Iterable[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.by_key = {person.pk: person for person in people}
        self.fields["person"].choices = [(key, str(person)) for key, person in self.by_key.items()]

    def people(self) -> list[User]:
        """The ticked people, in the order of the list. Call it on a valid form."""
        ticked = set(self.cleaned_data["person"])
        return [person for key, person in self.by_key.items() if key in ticked]

    @property
    def common(self) -> list:
        """Fields of the lines, without the ticks."""
        return [field for field in self if field.name != "person"]


class NewcomerForm(LineFields):
    """A person whom the portal doesn't know: name, birth date, contacts."""

    surname = forms.CharField(label="Фамилия", max_length=80)
    name = forms.CharField(label="Имя", max_length=80)
    patronymic = forms.CharField(label="Отчество", max_length=80, required=False)
    birth_date = forms.DateField(label="Дата рождения", required=False, **DATE)
    email = forms.EmailField(label="Электронная почта", required=False)
    phone = forms.CharField(label="Телефон", max_length=40, required=False)

    more = forms.BooleanField(label="Сохранить и добавить ещё одного", required=False)
    known = forms.BooleanField(label="Да, это он: открыть прежнюю учётную запись", required=False)
    other = forms.BooleanField(label="Нет, это другой человек: завести новую запись", required=False)

    PERSON = ("surname", "name", "patronymic", "birth_date", "email", "phone")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([*self.PERSON, *LineFields.base_fields])
        for name in ("known", "other"):
            self.fields[name].widget = forms.HiddenInput()
        if rules_of(self.order).whom != EMPLOYEE:
            self.fields["birth_date"].required = self.order.kind == OrderKind.ENROLMENT

    def clean(self):
        cleaned = super().clean()
        born = cleaned.get("birth_date")
        if born and not datetime.date(1900, 1, 1) <= born < self.order.effective_on:
            self.add_error("birth_date", "Проверьте дату рождения.")
        return cleaned

    def ask_whether_known(self) -> None:
        """Shows the ticks with which a namesake is taken for the same person, or for another."""
        for name in ("known", "other"):
            self.fields[name].widget = forms.CheckboxInput()

    def who(self, namesake: User | None) -> dict:
        """Of whom the line is: the one who is known already, or somebody new."""
        if namesake and not self.cleaned_data["other"]:
            return {"person": namesake}
        return {**self.newcomer(), "is_other": bool(namesake)}

    def newcomer(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.PERSON}


class OrderFilterForm(FilterForm):
    """Filters of the list; a wrong value is passed over."""

    q = forms.CharField(label="Номер или слова заголовка", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Все"), *Order.State.choices])
    register = forms.ChoiceField(label="Книга", required=False, choices=[("", "Все книги"), *Order.Register.choices])
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Любой вид"), *OrderKind.choices])
    year = forms.TypedChoiceField(label="Год", required=False, coerce=int, empty_value="")

    def __init__(self, *args, years: Iterable[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "Все годы"), *[(str(year), str(year)) for year in years]]


class CandidateFilterForm(FilterForm):
    """Whom to look for: a class, words of the name, and whether those who have left are shown too."""

    school_class = ClassChoice(
        label="Класс", queryset=SchoolClass.objects.none(), required=False, empty_label="Любой класс"
    )
    q = forms.CharField(label="Фамилия, имя, отчество", required=False, max_length=200)
    former = forms.BooleanField(label="Показать и тех, кто выбыл", required=False)
    ticked = forms.BooleanField(label="Отметить всех", required=False)

    def __init__(self, *args, date: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        classes = SchoolClass.objects.of_year_on(date).select_related("year")
        self.fields["school_class"].queryset = classes.order_by("grade", "letter")


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label="Причина", max_length=300)


class ScanForm(forms.Form):
    """The scan of the signed paper."""

    scan = StoredFileField("order_scan", label="Скан приказа", required=False)


class KeysForm(forms.Form):
    """Lines ticked on the page of a draft."""

    line = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args, keys: Iterable[int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [(key, str(key)) for key in keys]


def kind_of(value: str) -> OrderKind:
    """The kind named in an address. Raises ValidationError."""
    try:
        return OrderKind(value)
    except ValueError as error:
        raise ValidationError("Нет такого вида приказа.") from error
