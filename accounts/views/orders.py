"""Orders: the list, one order, and what becomes of it — signed, executed, cancelled (6.5-6.7)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import history, order_pages
from accounts.actions import execution, files
from accounts.actions import orders as actions
from accounts.actor import Actor
from accounts.forms.orders import OrderFilterForm, OrderForm, ReasonForm, ScanForm, kind_of
from accounts.models import AuditEntry, Order, OrderKind
from accounts.order_rights import may_execute
from accounts.planning import Plan, kinds, lines_of, plan_of
from accounts.planning.plan import parents_closing
from accounts.views.posting import is_taken
from eios.lib.access import requires
from eios.lib.filetypes import FileRefused
from eios.lib.russian import plural, short_date

PAGE, LINES, HISTORY = 30, 100, 20
GET_POST = ["GET", "HEAD", "POST"]


@requires("orders")
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """The books of orders, newest first, by number or words, state, book, kind and year."""
    form = OrderFilterForm(request.GET, years=order_pages.years_of_orders())
    filters = form.values()
    found = Order.objects.matching(filters["q"])
    for name in ("state", "register", "kind"):
        if filters[name]:
            found = found.filter(**{name: filters[name]})
    if filters["year"]:
        found = found.of_year(filters["year"])
    page = Paginator(found.with_size(), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "filters": filters, "page": page, "is_filtered": any(filters.values())}
    return render(request, "accounts/order_list.html", context)


@requires("orders")
@require_http_methods(GET_POST)
def order_new(request: HttpRequest) -> HttpResponse:
    """First the kind, then the head of a draft."""
    try:
        kind = kind_of(request.GET.get("kind", ""))
    except ValidationError:
        return render(request, "accounts/order_kinds.html", {"groups": kinds.groups()})
    if kind in kinds.OF_ANOTHER_ORDER:
        raise Http404
    draft = Order(kind=kind, title=kinds.KINDS[kind].title)
    form = OrderForm(request.POST or None, instance=draft)
    if request.method == "POST" and form.is_valid():
        try:
            order = actions.create_order(kind=kind, by=Actor.of(request), **form.head())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect(order)
    return render(request, "accounts/order_form.html", {"form": form, "order": draft, "is_new": True})


@requires("orders")
@require_safe
def order_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: its head, its lines, what it did, who changed it; and what can be done with it now."""
    order = _order(pk)
    page = Paginator(lines_of(order), LINES).get_page(request.GET.get("page"))
    rules = kinds.rules_of(order)
    context = {
        "order": order,
        "rules": rules,
        "page": page,
        "has_effects": order_pages.tell_effects(order, list(page)),
        "line_count": page.paginator.count,
        "amended": lines_of(order.changes) if order.kind == OrderKind.AMENDMENT and order.is_draft else [],
        "changed_by": order.changed_by.exclude(state=Order.State.DRAFT),
        "can_change": order.is_executed or order.is_signed,
        "can_execute": may_execute(request.user, order),
        "history": history.lines(AuditEntry.objects.of(order).select_related("actor")[:HISTORY]),
    }
    return render(request, "accounts/order_detail.html", context)


@requires("orders")
@require_http_methods(GET_POST)
def order_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The head of a draft."""
    order = _order(pk, Order.State.DRAFT)
    form = OrderForm(request.POST or None, instance=order)
    if is_taken(request, form, lambda by: actions.change_order(order, by=by, **form.head())):
        return redirect(order)
    return render(request, "accounts/order_form.html", {"form": form, "order": order})


@requires("orders")
@require_http_methods(GET_POST)
def order_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The director has signed the paper."""
    order = _order(pk, Order.State.DRAFT)
    if request.method == "POST":
        return _do(request, order, lambda by: actions.sign(order, by=by), "Приказ отмечен подписанным.")
    context = {
        "title": "Отметить подписанным",
        "question": f"{order}: «{order.title}».",
        "effects": [
            "Слова и пункты приказа больше не изменятся.",
            "Приказ ещё ничего не меняет: его нужно исполнить.",
            "До исполнения его можно вернуть в черновик.",
        ],
        "button": "Приказ подписан",
    }
    return _confirm(request, order, context)


@requires("orders")
@require_http_methods(GET_POST)
def order_return(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed order goes back to the draft, with a reason."""
    order = _order(pk, Order.State.SIGNED)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _do(
            request, order, lambda by: actions.return_to_draft(order, reason, by=by), "Приказ снова черновик."
        )  # fmt: skip
    context = {
        "title": "Вернуть в черновик",
        "question": f"{order}: «{order.title}».",
        "effects": ["Слова и пункты можно будет исправить.", "Подписать приказ нужно будет заново."],
        "form": form,
        "button": "Вернуть в черновик",
    }
    return _confirm(request, order, context)


@requires("orders")
@require_http_methods(GET_POST)
def order_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft that isn't needed."""
    order = _order(pk, Order.State.DRAFT)
    if request.method == "POST":
        back = reverse("accounts:order_list")
        return _do(request, order, lambda by: actions.delete_draft(order, by=by), "Черновик удалён.", then=back)
    context = {
        "title": "Удалить черновик",
        "question": f"{order}: «{order.title}».",
        "effects": ["Черновик и его пункты исчезнут. Людей это не касается."],
        "button": "Удалить",
        "danger": True,
    }
    return _confirm(request, order, context)


@requires("orders")
@require_http_methods(GET_POST)
def order_execute(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that the execution would do, line by line; a POST does it."""
    order = _order(pk)
    if order.is_executed or order.is_cancelled:
        messages.info(request, f"Приказ уже {order.get_state_display()}.")
        return redirect(order)
    if request.method == "POST":
        return _execute(request, order)
    plan = plan_of(order)
    rows = sorted(plan.lines, key=lambda row: (not row.problems, not row.warnings))
    context = {
        "order": order,
        "plan": plan,
        "rows": rows,
        "problem_count": sum(bool(row.problems) for row in rows) + len(plan.problems),
        "parents_closing": parents_closing(plan),
        "can_execute": order.is_signed and plan.can_be_executed and may_execute(request.user, order),
        "is_admins_work": not may_execute(request.user, order),
    }
    return render(request, "accounts/order_execute.html", context)


def _execute(request: HttpRequest, order: Order) -> HttpResponse:
    try:
        plan = execution.execute(order, by=Actor.of(request))
    except execution.OrderRefused as refusal:
        for message in refusal.messages[:5]:
            messages.error(request, message)
        return redirect("accounts:order_execute", order.pk)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(order)
    messages.success(request, _what_was_done(plan))
    return redirect(order)


def _what_was_done(plan: Plan) -> str:
    new = len(plan.facts.new_people)
    words = f" Появилось: {new} {plural(new, 'учётная запись', 'учётные записи', 'учётных записей')}." if new else ""
    return f"Приказ исполнен, действует с {short_date(plan.date)}.{words}"


@requires("orders")
@require_http_methods(GET_POST)
def order_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of the order that cancels this one."""
    effects = [
        "Появится черновик приказа об отмене: номер, дата, подпись.",
        "Когда вы его исполните, всё, что изменил этот приказ, вернётся на место; что вернуть нельзя, будет названо.",
    ]
    return _change(request, pk, OrderKind.CANCELLATION, "Отменить приказ", effects)


@requires("orders")
@require_http_methods(GET_POST)
def order_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of the order that changes lines of this one which are not in force yet."""
    effects = [
        "Появится черновик приказа об изменении: в нём вы укажете, какие пункты изменить или исключить.",
        "Менять можно только то, что ещё не вступило в силу.",
    ]
    return _change(request, pk, OrderKind.AMENDMENT, "Изменить приказ", effects)


def _change(request: HttpRequest, pk: int, kind: OrderKind, title: str, effects: list[str]) -> HttpResponse:
    order = _order(pk)
    if not (order.is_executed or order.is_signed):
        raise Http404
    if request.method != "POST":
        question = f"{order}: «{order.title}»."
        return _confirm(
            request, order, {"title": title, "question": question, "effects": effects, "button": "Составить черновик"}
        )
    try:
        return redirect(actions.draft_change(order, kind=kind, by=Actor.of(request)))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(order)


@requires("orders")
@require_http_methods(GET_POST)
def order_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan of the signed paper; comes at any time."""
    order = _order(pk)
    form = ScanForm(request.POST or None, request.FILES or None, initial={"scan": order.scan})
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request)
        try:
            scan = files.settle(order.scan, form.cleaned_data["scan"], kind="order_scan", by=by, owner=by.person)
            actions.attach_scan(order, scan, by=by)
        except FileRefused as refusal:
            form.add_error("scan", str(refusal))
        else:
            messages.success(request, "Скан сохранён." if scan else "Скан убран.")
            return redirect(order)
    return render(request, "accounts/order_scan.html", {"form": form, "order": order})


@requires("orders")
@require_safe
def order_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The order as it is printed and signed."""
    order = _order(pk)
    context = {"order": order, "rules": kinds.rules_of(order), "lines": lines_of(order)}
    return render(request, "accounts/order_print.html", context)


def _order(pk: int, state: str = "") -> Order:
    orders = Order.objects.select_related("signatory", "scan", "changes", "created_by", "executed_by")
    return get_object_or_404(orders.filter(state=state) if state else orders, pk=pk)


def _confirm(request: HttpRequest, order: Order, context: dict) -> HttpResponse:
    return render(request, "ui/confirm.html", {"back_url": order.get_absolute_url(), **context})


def _do(request: HttpRequest, order: Order, act, done: str, then: str = "") -> HttpResponse:
    try:
        act(Actor.of(request))
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.warning(request, message)
        return redirect(order)
    messages.success(request, done)
    return redirect(then or order.get_absolute_url())
