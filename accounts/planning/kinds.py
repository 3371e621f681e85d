"""Kinds of orders: which book they stand in, whom they concern, what a line of theirs says. Pure."""

from dataclasses import dataclass

from accounts.models import Order, OrderKind

Register = Order.Register
PUPIL, EMPLOYEE, ANYBODY, NOBODY = "pupil", "employee", "anybody", ""


@dataclass(frozen=True)
class KindRules:
    """How an order of the kind is written.

    `whom`: of whom its lines are; `takes_new`: a line may bring a person whom the portal doesn't know yet; `needs` and
    `offers`: fields of a line that must and may be filled in; `position`: the duty that its lines give; `says`: the
    words of the printed order.
    """

    register: Register
    group: str
    title: str
    says: str = ""
    whom: str = NOBODY
    takes_new: bool = False
    needs: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    position: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        return self.needs + self.offers

    @property
    def has_lines(self) -> bool:
        return self.whom != NOBODY


START, PUPILS, STAFF, DUTIES, OTHER = "Начало работы", "Обучающиеся", "Работники", "Поручения", "Другие"


def _of_pupils(title: str, says: str, *, needs: tuple[str, ...] = (), offers: tuple[str, ...] = ("note",)) -> KindRules:
    return KindRules(Register.PUPILS, PUPILS, title, says, PUPIL, needs=needs, offers=offers)


def _of_duty(position: str, title: str, *, needs: tuple[str, ...] = (), offers: tuple[str, ...] = ()) -> KindRules:
    more = (*offers, "mode", "ends", "note")
    return KindRules(
        Register.PERSONNEL, DUTIES, title, "Назначить", EMPLOYEE, needs=needs, offers=more, position=position
    )


KINDS: dict[OrderKind, KindRules] = {
    OrderKind.INITIAL_LOAD: KindRules(
        Register.GENERAL, START, "О внесении в ЭИОС обучающихся и работников школы", "Внести", ANYBODY, takes_new=True,
        offers=("school_class", "position", "method_group", "file_number", "note"),
    ),
    OrderKind.ENROLMENT: KindRules(
        Register.PUPILS, PUPILS, "О зачислении", "Зачислить", PUPIL, takes_new=True,
        needs=("school_class",), offers=("place", "file_number", "note"),
    ),
    OrderKind.TRANSFER_CLASS: _of_pupils("О переводе в другой класс", "Перевести", needs=("school_class",)),
    OrderKind.PROMOTION: _of_pupils("О переводе в следующий класс", "Перевести", needs=("school_class",)),
    OrderKind.CONDITIONAL_PROMOTION: _of_pupils(
        "Об условном переводе", "Перевести условно", needs=("school_class",)
    ),
    OrderKind.REPEAT_YEAR: _of_pupils(
        "Об оставлении на повторное обучение", "Оставить на повторное обучение", needs=("school_class",)
    ),
    OrderKind.TRANSFER_OUT: _of_pupils(
        "О переводе в другую организацию", "Отчислить в порядке перевода", offers=("place", "note")
    ),
    OrderKind.EXPULSION: _of_pupils("Об отчислении", "Отчислить"),
    OrderKind.GRADUATION: _of_pupils("О выпуске", "Отчислить в связи с получением образования"),
    OrderKind.HIRE: KindRules(
        Register.PERSONNEL, STAFF, "О приёме на работу", "Принять", EMPLOYEE, takes_new=True,
        needs=("position",), offers=("method_group", "ends", "note"),
    ),
    OrderKind.JOB_TRANSFER: KindRules(
        Register.PERSONNEL, STAFF, "О переводе на другую должность", "Перевести", EMPLOYEE,
        needs=("position",), offers=("replaced_position", "method_group", "ends", "note"),
    ),
    OrderKind.DISMISSAL: KindRules(
        Register.PERSONNEL, STAFF, "Об увольнении", "Уволить", EMPLOYEE, offers=("note",)
    ),
    OrderKind.CLASS_TEACHER: _of_duty("class_teacher", "О классном руководстве", needs=("school_class",)),
    OrderKind.METHOD_GROUP_HEAD: _of_duty("method_group_head", "О руководителях ШМО", needs=("method_group",)),
    OrderKind.SYSTEM_ADMINISTRATOR: _of_duty("system_administrator", "О системном администраторе"),
    OrderKind.CREDENTIALS_OFFICER: _of_duty("credentials_officer", "Об ответственном за учётные данные"),
    OrderKind.INFORMATICS_SUPPORT: _of_duty("informatics_support", "Об ответственном учителе информатики"),
    OrderKind.DESIGNATED_PERSON: _of_duty(
        "designated_person", "Об уполномоченных лицах", offers=("school_class",)
    ),
    OrderKind.ACTING: KindRules(
        Register.PERSONNEL, DUTIES, "Об исполнении обязанностей", "Возложить исполнение обязанностей", EMPLOYEE,
        needs=("position", "ends"), offers=("school_class", "method_group", "note"),
    ),
    OrderKind.AMENDMENT: KindRules(Register.GENERAL, OTHER, "О внесении изменений в приказ", "Внести изменения"),
    OrderKind.CANCELLATION: KindRules(Register.GENERAL, OTHER, "Об отмене приказа", "Отменить"),
    OrderKind.GENERAL: KindRules(Register.GENERAL, OTHER, "", "Приказываю"),
}  # fmt: skip

# Made from the page of the order that they change, never alone.
OF_ANOTHER_ORDER = (OrderKind.AMENDMENT, OrderKind.CANCELLATION)
MOVES_TO_CLASS = (
    OrderKind.TRANSFER_CLASS, OrderKind.PROMOTION, OrderKind.CONDITIONAL_PROMOTION, OrderKind.REPEAT_YEAR
)  # fmt: skip
LEAVES_SCHOOL = (OrderKind.TRANSFER_OUT, OrderKind.EXPULSION, OrderKind.GRADUATION)


def rules_of(order: Order) -> KindRules:
    """The rules of the order's kind; lines of an amendment are written as those of the order that it changes."""
    return KINDS[OrderKind(line_kind(order))]


def line_kind(order: Order) -> str:
    return order.changes.kind if order.kind == OrderKind.AMENDMENT else order.kind


def groups() -> list[tuple[str, list[tuple[OrderKind, KindRules]]]]:
    """Kinds that one may begin with, by what they are about."""
    titles = dict.fromkeys(rules.group for rules in KINDS.values())
    return [
        (
            title,
            [(kind, rules) for kind, rules in KINDS.items() if rules.group == title and kind not in OF_ANOTHER_ORDER],
        )
        for title in titles
    ]
