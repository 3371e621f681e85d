"""The verbs about orders on paper: drafting, lines, signing, taking back (6.5-6.7). `execution.py` carries them out."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError

from accounts import audit
from accounts.actor import Actor
from accounts.models import Order, OrderKind, OrderLine, StoredFile
from accounts.planning.kinds import KINDS, OF_ANOTHER_ORDER, rules_of
from accounts.signing import director_on, signature_of
from eios.lib import russian
from eios.lib.dates import today

HEAD = (
    "register", "number", "date", "effective_on", "title", "basis", "signatory", "signatory_name", "scan", "changes"
)  # fmt: skip
LINE = (
    "person", "surname", "name", "patronymic", "birth_date", "email", "phone", "parents", "school_class", "position",
    "replaced_position", "method_group", "mode", "ends", "place", "file_number", "note", "is_other", "amended_line",
)  # fmt: skip
RELATIONS = {field.name for field in OrderLine._meta.fields if field.is_relation}


@transaction.atomic
def create_order(*, kind: str, by: Actor, changes: Order | None = None, **fields) -> Order:
    """A draft. Without a register, a title or a signatory it gets the usual ones: of its kind, and the director of the
    day. An order that changes another gets that one's register. Raises ValidationError.
    """
    rules = KINDS[OrderKind(kind)]
    register = changes.register if changes else rules.register
    order = Order(kind=kind, changes=changes, created_by=by.person, **{"register": register, **fields})
    order.title = order.title or rules.title
    if not (order.signatory_id or order.signatory_name) and (director := director_on(order.date)):
        order.signatory, order.signatory_name = director.person, signature_of(director)
    return _save(order, "order.drafted", {}, by)


@transaction.atomic
def draft_change(target: Order, *, kind: str, by: Actor) -> Order:
    """A draft that cancels or amends another order. Raises ValidationError where nothing is there to change."""
    if kind not in OF_ANOTHER_ORDER:
        raise ValueError(f"{kind} does not change another order")
    if target.state not in (Order.State.SIGNED, Order.State.EXECUTED) or target.kind == OrderKind.CANCELLATION:
        raise ValidationError("Изменяют и отменяют подписанный или исполненный приказ.")
    if kind == OrderKind.AMENDMENT and target.kind == OrderKind.AMENDMENT:
        raise ValidationError("Изменение не изменяют: отмените его и составьте новое.")
    if kind == OrderKind.AMENDMENT and not (target.is_executed and rules_of(target).has_lines):
        raise ValidationError("Изменять можно исполненный приказ о людях, который ещё не вступил в силу.")
    title = f"{KINDS[OrderKind(kind)].title}: {target.reference}"[:300]
    date = target.effective_on if kind == OrderKind.AMENDMENT else today()
    return create_order(kind=kind, by=by, changes=target, title=title, effective_on=date)


@transaction.atomic
def change_order(order: Order, *, by: Actor, **fields) -> Order:
    """Corrects the head of a draft; of a later order only the scan may be added. Raises ValidationError."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if fields.keys() - {"scan"}:
        _require_draft(order)
    before = audit.snapshot(order, fields)
    for name, value in fields.items():
        setattr(order, name, value)
    return _save(order, "order.changed", before, by, fields)


def _save(order: Order, action: str, before: dict, by: Actor, fields: Iterable[str] = HEAD) -> Order:
    order.number, order.title = " ".join(order.number.split()), " ".join(order.title.split())
    # The number's key must stand before the constraint on it is asked.
    order.prepare()
    order.full_clean()
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as error:
        # Two drafts took one number at the same moment: the constraint decides, in the words of the form.
        raise ValidationError("Приказ с таким номером в этой книге в этом году уже есть.") from error
    changes = audit.difference(before, audit.snapshot(order, fields))
    if changes:
        audit.record(by, action, order, changes)
    return order


@transaction.atomic
def add_lines(order: Order, lines: Iterable[OrderLine], *, by: Actor) -> list[OrderLine]:
    """Appends unsaved lines to a draft, in their order; numbers go on. One query more however many they are.

    Raises ValidationError with the name of the person in whose line something is wrong.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    _require_draft(order)
    number = order.lines.aggregate(last=Max("number"))["last"] or 0
    rows = list(lines)
    for row in rows:
        number += 1
        row.order, row.number = order, number
        _check_line(row)
    OrderLine.objects.bulk_create(rows, batch_size=500)
    audit.record_many(audit.entry(by, "order_line.added", row, _values(row)) for row in rows)
    return rows


@transaction.atomic
def change_line(line: OrderLine, *, by: Actor) -> OrderLine:
    """Saves a changed line of a draft. Raises ValidationError."""
    _require_draft(Order.objects.select_for_update(of=("self",)).get(pk=line.order_id))
    before = audit.snapshot(OrderLine.objects.get(pk=line.pk), LINE)
    _check_line(line)
    line.save()
    if changes := audit.difference(before, audit.snapshot(line, LINE)):
        audit.record(by, "order_line.changed", line, changes)
    return line


@transaction.atomic
def remove_lines(order: Order, keys: Iterable[int], *, by: Actor) -> int:
    """Takes lines out of a draft; how many there were. The others keep their order and are numbered anew."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    _require_draft(order)
    gone = list(order.lines.filter(pk__in=list(keys)))
    audit.record_many(audit.entry(by, "order_line.removed", row) for row in gone)
    order.lines.filter(pk__in=[row.pk for row in gone]).delete()
    if gone:
        _number_anew(order, list(order.lines.order_by("number")))
    return len(gone)


@transaction.atomic
def arrange_lines(order: Order, keys: Iterable[int]) -> None:
    """Puts the lines of a draft into the order of these keys; others come after them. What they say stays."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    _require_draft(order)
    places = {key: place for place, key in enumerate(keys)}
    rows = list(order.lines.order_by("number"))
    arranged = sorted(rows, key=lambda row: (places.get(row.pk, len(places)), row.number))
    if arranged != rows:
        _number_anew(order, arranged)


def _number_anew(order: Order, rows: list[OrderLine]) -> None:
    # In two steps: the number is unique within the order at every moment.
    top = max((row.number for row in rows), default=0)
    for shift in (top, 0):
        for number, row in enumerate(rows, 1):
            row.number = number + shift
        OrderLine.objects.bulk_update(rows, ["number"], batch_size=200)


@transaction.atomic
def sign(order: Order, *, by: Actor) -> Order:
    """Says that the director has signed it: from now on it can be executed, and its words stand.

    Raises ValidationError: no number, no signatory, a date to come, or no lines.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    _require_draft(order)
    problems = []
    if not order.number_key:
        problems.append("Укажите номер приказа.")
    if not (order.signatory_id or order.signatory_name):
        problems.append("Укажите, кто подписал приказ.")
    if order.date > today():
        problems.append(f"Дата приказа ещё не наступила: {russian.short_date(order.date)}.")
    if rules_of(order).has_lines and not order.lines.exists():
        problems.append("В приказе нет ни одного пункта.")
    if problems:
        raise ValidationError(problems)
    return move_state(order, Order.State.DRAFT, Order.State.SIGNED, "order.signed", by)


@transaction.atomic
def return_to_draft(order: Order, reason: str, *, by: Actor) -> Order:
    """Back to the draft, where a mistake was found before the execution. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError("Укажите, почему приказ возвращается в черновик.")
    return move_state(order, Order.State.SIGNED, Order.State.DRAFT, "order.returned", by, reason.strip())


@transaction.atomic
def delete_draft(order: Order, *, by: Actor) -> None:
    """Removes a draft that nothing rests on. Raises ValidationError."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    _require_draft(order)
    changes = {name: [value, None] for name, value in audit.snapshot(order, HEAD).items()}
    audit.record(by, "order.deleted", order, changes)
    try:
        order.delete()
    except ProtectedError as error:
        raise ValidationError("На этот черновик ссылаются другие записи портала: удалить его нельзя.") from error


def move_state(order: Order, before: str, after: str, action: str, by: Actor, basis: str = "", **fields) -> Order:
    """From one state to another, once: of several who press at the same time the first wins.

    Raises ValidationError for the others. Call it in a transaction.
    """
    if not Order.objects.filter(pk=order.pk, state=before).update(state=after, **fields):
        now = Order.objects.filter(pk=order.pk).first()
        raise ValidationError(f"Приказ уже {now.get_state_display()}." if now else "Этого приказа больше нет.")
    order.refresh_from_db()
    audit.record(by, action, order, {"state": [str(before), str(after)]}, basis)
    return order


def attach_scan(order: Order, scan: StoredFile | None, *, by: Actor) -> Order:
    """The scan of the signed paper; may come after the execution."""
    return change_order(order, by=by, scan=scan)


def _require_draft(order: Order) -> None:
    if not order.is_draft:
        raise ValidationError(f"Приказ {order.get_state_display()}: его слова уже не меняются.")


def _check_line(row: OrderLine) -> None:
    for field in ("surname", "name", "patronymic", "place", "file_number", "note"):
        setattr(row, field, " ".join(getattr(row, field).split()))
    if not (row.person_id or row.surname):
        raise ValidationError(f"Пункт {row.number}: назовите человека.")
    try:
        # What a line points at comes as rows, and the database holds its own rules: asking again costs a query a field.
        row.clean_fields(exclude=RELATIONS)
    except ValidationError as error:
        raise ValidationError(f"Пункт {row.number}, {row.full_name}: {' '.join(error.messages)}") from error


def _values(row: OrderLine) -> dict:
    values = audit.snapshot(row, LINE)
    return {name: [None, value] for name, value in values.items() if value not in (None, "", "[]")}
