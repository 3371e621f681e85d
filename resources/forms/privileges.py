"""What is chosen and typed about privileges → clean values for the actions."""

import datetime

from django import forms

from accounts.models import Order, Position
from eios.lib.date_input import date_input
from eios.lib.dates import today
from resources import grantees
from resources.models import Element, Privilege

FIRST_DAY, LAST_DAY = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)
NO_GRANTEE = "Выберите, кому дать привилегию."


def _date_field(label: str, **options) -> forms.DateField:
    return forms.DateField(
        label=label, widget=date_input(),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"], **options,
    )  # fmt: skip


class NodeChoice(forms.ModelChoiceField):
    """The element itself or one of its parts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.whole = None

    def label_from_instance(self, element: Element) -> str:
        return f"{element.name} — целиком" if element.pk == self.whole else f"Часть: {element.name}"


class OrderChoice(forms.ModelChoiceField):
    """Orders of one number. Their titles are for those who read orders."""

    def label_from_instance(self, order: Order) -> str:
        return f"{order}, {order.get_register_display()}"


class GroundForm(forms.Form):
    """On what a privilege rests: an order chosen by its number, or words."""

    order_number = forms.CharField(
        label="Приказ №", required=False, max_length=40, help_text="Номер подписанного или исполненного приказа."
    )
    order = OrderChoice(label="Какой из приказов", queryset=Order.objects.none(), required=False)
    basis = forms.CharField(
        label="Основание словами", required=False, max_length=300,
        help_text="Если приказа нет: решение педсовета, служебная записка.",
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offer_orders()

    def _offer_orders(self) -> None:
        """The choice is there only where several orders have the number."""
        number = self.data.get(self.add_prefix("order_number"), "") if self.is_bound else ""
        self.of_number = grantees.orders_of_number(number) if number.strip() else Order.objects.none()
        if len(self.of_number) > 1:
            self.fields["order"].queryset = self.of_number
        else:
            del self.fields["order"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("order_number") and not self.of_number:
            self.add_error("order_number", "Подписанного приказа с таким номером нет.")
        elif "order" in self.fields and not cleaned.get("order"):
            self.add_error("order", "Приказов с таким номером несколько: выберите нужный.")
        elif not cleaned.get("order_number") and not cleaned.get("basis"):
            self.add_error("basis", "Укажите основание: номер приказа или своими словами.")
        return cleaned

    def ground(self) -> dict:
        """The order and the words. Call it on a valid form."""
        chosen = self.cleaned_data.get("order") or next(iter(self.of_number), None)
        return {"order": chosen, "basis": self.cleaned_data["basis"]}


class ExtendForm(GroundForm):
    """A term that follows the former one."""

    ends = _date_field("По какой день", required=False, help_text="Включительно. Пусто — без срока.")

    field_order = ["ends", "order_number", "order", "basis"]

    def __init__(self, *args, starts: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.starts = starts

    def clean_ends(self) -> datetime.date | None:
        ends = self.cleaned_data["ends"]
        if ends and not self.starts <= ends <= LAST_DAY:
            raise forms.ValidationError(f"Последний день — не раньше {self.starts:%d.%m.%Y}, с которого начнётся срок.")
        return ends


class GrantForm(GroundForm):
    """To whom, what, for how long and why. Several grantees of one kind get the same."""

    node = NodeChoice(
        label="Что открыть", queryset=Element.objects.none(), empty_label=None,
        error_messages={"invalid_choice": "Это часть другого элемента: выберите этот элемент или одну из его частей."},
    )  # fmt: skip
    right = forms.ChoiceField(label="Право", choices=Privilege.Right.choices, initial=Privilege.Right.OPEN)
    starts = _date_field("С какого дня")
    ends = _date_field("По какой день", required=False, help_text="Включительно. Пусто — без срока.")

    field_order = ["grantee", "node", "right", "starts", "ends", "order_number", "order", "basis"]

    def __init__(self, *args, kind: str, element: Element, nodes, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["node"].queryset = nodes
        self.fields["node"].whole = element.pk
        self.initial = {"node": element.pk, "starts": today(), **self.initial}
        self.fields["grantee"] = self._grantee_field()
        self.order_fields(self.field_order)

    def _grantee_field(self) -> forms.Field:
        said = {"label": grantees.KINDS[self.kind], "error_messages": {"required": NO_GRANTEE}}
        if self.kind == "status":
            return forms.MultipleChoiceField(choices=Privilege.Status.choices, **said)
        people, date = grantees.people_to_grant, today()
        rows = {"person": people, "position": lambda _: Position.objects.all(), "school_class": grantees.classes}
        said["error_messages"]["invalid_choice"] = "Список изменился: отметьте получателей заново."
        return forms.ModelMultipleChoiceField(queryset=rows[self.kind](date), **said)

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and not FIRST_DAY <= starts <= LAST_DAY:
            self.add_error("starts", "Проверьте год.")
        if ends and not FIRST_DAY <= ends <= LAST_DAY:
            self.add_error("ends", "Проверьте год.")
        elif starts and ends and ends < starts:
            self.add_error("ends", "Последний день привилегии не может быть раньше первого.")
        elif ends and ends < today():
            self.add_error("ends", "Этот срок уже прошёл.")
        return cleaned

    def privileges(self) -> list[Privilege]:
        """One for each grantee, not saved. Call it on a valid form."""
        clean = self.cleaned_data
        said = {"element": clean["node"], **{name: clean[name] for name in ("right", "starts", "ends")}}
        return [Privilege(**said, **self.ground(), **{self.kind: grantee}) for grantee in clean["grantee"]]

    @property
    def ticked(self) -> set[str]:
        """Values of the grantees that are ticked now."""
        return set(map(str, self["grantee"].value() or []))

    @property
    def said(self) -> list:
        """Fields other than the grantees."""
        return [field for field in self if field.name != "grantee"]


class TermFilterForm(forms.Form):
    """Which group of the list is shown; a wrong one is passed over."""

    term = forms.ChoiceField(label="Срок", required=False, choices=list(grantees.TERMS.items()))

    def value(self) -> str:
        self.is_valid()
        return self.cleaned_data.get("term") or "now"


class GranteeFilterForm(forms.Form):
    """To which kind of grantees, and among whom to look for people; a wrong value is passed over."""

    to = forms.ChoiceField(label="Кому", required=False, choices=list(grantees.KINDS.items()))
    q = forms.CharField(label="Фамилия, имя, отчество", required=False, max_length=200)
    school_class = forms.ChoiceField(label="Класс", required=False)
    position = forms.ChoiceField(label="Должность", required=False)
    person = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    ticked = forms.BooleanField(label="Отметить всех", required=False)

    def __init__(self, *args, date: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        classes = [(str(one.pk), one.name) for one in grantees.classes(date)]
        self.fields["school_class"].choices = [("", "Любой класс"), *classes]
        positions = [(str(key), name) for key, name in Position.objects.values_list("pk", "name")]
        self.fields["position"].choices = [("", "Любая должность"), *positions]

    def values(self) -> dict:
        """Clean values; what was wrong is empty."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return found | {"to": found["to"] or "person"}
