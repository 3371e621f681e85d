"""Lines of a draft order: people ticked in a list, a newcomer, one line changed, several taken out (6.5)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import order_pages
from accounts.actions import orders as actions
from accounts.actor import Actor
from accounts.forms.orders import CandidateFilterForm, KeysForm, LineFields, NewcomerForm, PeopleForm
from accounts.models import Order, OrderKind, OrderLine
from accounts.planning.facts import find_namesake
from accounts.planning.kinds import PUPIL, rules_of
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.russian import plural

GET_POST = ["GET", "HEAD", "POST"]


@requires("orders")
@require_http_methods(GET_POST)
def order_people(request: HttpRequest, pk: int) -> HttpResponse:
    """A class, or people found by name; those ticked become lines, all at once."""
    order = _draft(pk)
    date = min(order.effective_on, today()) if rules_of(order).whom == PUPIL else order.effective_on
    search = CandidateFilterForm(request.GET, date=date)
    filters = search.values()
    found = list(order_pages.candidates(order, filters, date)[: order_pages.MOST_SHOWN + 1])
    people = found[: order_pages.MOST_SHOWN]
    form = PeopleForm(request.POST or None, order=order, people=people)
    if request.method == "POST" and form.is_valid():
        lines = [OrderLine(person=person, **form.line()) for person in form.people()]
        if _add(request, order, lines, form):
            return redirect(order)
    context = {
        "order": order,
        "search": search,
        "filters": filters,
        "form": form,
        "rows": order_pages.with_places(people, date),
        "is_cut": len(found) > len(people),
        "takes_new": rules_of(order).takes_new,
        "shows_classes": rules_of(order).whom == PUPIL and order.kind not in order_pages.COMING,
    }
    return render(request, "accounts/order_people.html", context)


@requires("orders")
@require_http_methods(GET_POST)
def order_newcomer(request: HttpRequest, pk: int) -> HttpResponse:
    """A person whom the portal doesn't know yet; a namesake with the same birth date is offered instead."""
    order = _draft(pk)
    if not rules_of(order).takes_new:
        raise Http404
    form = NewcomerForm(request.POST or None, order=order)
    namesake = None
    if request.method == "POST" and form.is_valid():
        namesake = find_namesake(form.newcomer())
        if namesake is None or form.cleaned_data["known"] or form.cleaned_data["other"]:
            who = form.who(namesake)
            if _add(request, order, [OrderLine(**who, **form.line())], form):
                return redirect("accounts:order_newcomer", order.pk) if form.cleaned_data["more"] else redirect(order)
        else:
            form.ask_whether_known()
    return render(request, "accounts/order_newcomer.html", {"order": order, "form": form, "namesake": namesake})


@requires("orders")
@require_http_methods(GET_POST)
def order_line_edit(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """What a line of a draft says of the person."""
    order = _draft(pk)
    row = get_object_or_404(order.lines.select_related("person"), pk=line)
    form = _line_form(request, order, row)
    if request.method == "POST" and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(row, name, value)
        try:
            actions.change_line(row, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect(order)
    return render(request, "accounts/order_line_edit.html", {"order": order, "line": row, "form": form})


def _line_form(request: HttpRequest, order: Order, row: OrderLine) -> LineFields:
    made = NewcomerForm if row.is_new_person else LineFields
    initial = {name: getattr(row, name) for name in made.base_fields}
    return made(request.POST or None, order=order, initial=initial)


@requires("orders")
@require_POST
def order_lines_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes ticked lines out of a draft."""
    order = _draft(pk)
    form = KeysForm(request.POST, keys=order.lines.values_list("pk", flat=True))
    if not form.is_valid():
        messages.warning(request, "Отметьте пункты, которые нужно убрать.")
        return redirect(order)
    is_done(
        request,
        lambda by: actions.remove_lines(order, form.cleaned_data["line"], by=by),
        lambda count: f"Убрано: {count} {plural(count, 'пункт', 'пункта', 'пунктов')}.",
    )
    return redirect(order)


@requires("orders")
@require_http_methods(GET_POST)
def order_amended_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """A line of the amended order as it is to be."""
    order, former = _amended(pk, line)
    initial = {name: getattr(former, name) for name in LineFields.base_fields}
    form = LineFields(request.POST or None, order=order, initial=initial)
    if request.method == "POST" and form.is_valid():
        row = OrderLine(person=former.person, amended_line=former, parents=former.parents, **form.line())
        if _add(request, order, [row], form):
            return redirect(order)
    return render(request, "accounts/order_line_edit.html", {"order": order, "line": former, "form": form})


@requires("orders")
@require_POST
def order_excluded_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """A line of the amended order that is to be left out."""
    order, former = _amended(pk, line)
    row = OrderLine(person=former.person, amended_line=former, mode=OrderLine.Mode.EXCLUDE)
    is_done(request, lambda by: actions.add_lines(order, [row], by=by))
    return redirect(order)


def _amended(pk: int, line: int) -> tuple[Order, OrderLine]:
    order = _draft(pk)
    if order.kind != OrderKind.AMENDMENT or order.lines.filter(amended_line=line).exists():
        raise Http404
    return order, get_object_or_404(order.changes.lines.select_related("person"), pk=line)


def _draft(pk: int) -> Order:
    return get_object_or_404(Order.objects.select_related("changes"), pk=pk, state=Order.State.DRAFT)


def _add(request: HttpRequest, order: Order, lines: list[OrderLine], form) -> bool:
    return is_taken(
        request,
        form,
        lambda by: actions.add_lines(order, lines, by=by),
        lambda added: f"Добавлено: {len(added)} {plural(len(added), 'пункт', 'пункта', 'пунктов')}.",
    )
