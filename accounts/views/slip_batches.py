"""The way of the paper: batches of slips, handed over and given out (9.6)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import credentials
from accounts.actions import slips as actions
from accounts.actor import Actor
from accounts.forms.credentials import HolderForm, SlipsForm
from accounts.models import SchoolClass, SlipBatch
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today

PAGE_SIZE = 50


# The issuer's side


@requires("credentials")
@require_safe
def slip_batch_list(request: HttpRequest) -> HttpResponse:
    """Batches with slips of people one issues to, newest first; how many of each still lie here."""
    page = Paginator(credentials.batches_of(request.user, today()), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "accounts/slip_batch_list.html", {"page": page})


@requires("credentials")
@require_safe
def slip_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The register of one batch: to print and sign, to hand over, to give out."""
    batch, rows = _batch(request, pk)
    context = {
        "batch": batch,
        "rows": rows,
        "holders": credentials.holders_of(rows, today()),
        "here": [row for row in rows if row.slip.given_at is None and row.slip.handed_at is None],
    }
    return render(request, "accounts/slip_batch.html", context)


def _batch(request: HttpRequest, pk: int) -> tuple[SlipBatch, list[credentials.Row]]:
    """A batch with slips of the issuer's people; else not found."""
    batch = get_object_or_404(credentials.batches_of(request.user, today()), pk=pk)
    return batch, credentials.batch_rows(batch, request.user, today())


@requires("credentials")
@require_http_methods(["GET", "HEAD", "POST"])
def slip_batch_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Names once more, then the slips go to the class teacher or designated person."""
    batch, rows = _batch(request, pk)
    chosen = HolderForm(request.GET, holders=credentials.holders_of(rows, today()))
    if not chosen.is_valid():
        messages.warning(request, "Передавать нечего или некому: обновите список партии.")
        return redirect("accounts:slip_batch", pk)
    holder = chosen.holder()
    if request.method == "POST":
        return _settle(request, SlipsForm(request.POST, slips=holder.slips), batch, holder)
    keys = {slip.pk for slip in holder.slips}
    context = {"batch": batch, "holder": holder, "rows": [row for row in rows if row.slip.pk in keys]}
    return render(request, "accounts/slip_batch_hand.html", context)


@requires("credentials")
@require_POST
def slip_batch_give(request: HttpRequest, pk: int) -> HttpResponse:
    """The issuer has given ticked slips to their owners."""
    batch, rows = _batch(request, pk)
    mine = [row.slip for row in rows if row.slip.given_at is None and row.slip.handed_at is None]
    return _settle(request, SlipsForm(request.POST, slips=mine), batch, None)


def _settle(request: HttpRequest, form: SlipsForm, batch: SlipBatch, holder: credentials.Holder | None) -> HttpResponse:
    _mark(request, form, holder)
    return redirect("accounts:slip_batch", batch.pk)


def _mark(request: HttpRequest, form: SlipsForm, holder: credentials.Holder | None = None) -> None:
    """Handed to the holder, or without one given to the owners; says how many."""
    if not form.is_valid():
        messages.warning(request, form.errors["slip"][0])
        return
    by = Actor.of(request)
    try:
        count = actions.hand_over(form.slips(), holder.person, by=by) if holder else actions.give(form.slips(), by=by)
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
        return
    words = russian.plural(count, "листок", "листка", "листков")
    verb = f"Передано ({holder.person.initials})" if holder else "Вручено"
    messages.success(request, f"{verb}: {count} {words}.")


# The class teacher's and the designated person's side


@requires("class-pages")
@require_safe
def class_slips_list(request: HttpRequest) -> HttpResponse:
    """Classes whose slips one may follow, with what waits to be given out."""
    classes = credentials.slip_classes_of(request.user, today())
    waiting = credentials.waiting_by_class(request.user, today())
    context = {"classes": [(one, waiting.get(one.pk, 0)) for one in classes]}
    return render(request, "accounts/class_slips_list.html", context)


@requires("class-pages")
@require_safe
def class_slips(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of each slip of the class, never a password; received ones are marked as given out."""
    school_class, rows = _class(request, pk)
    mine = _received(request, rows)
    context = {
        "school_class": school_class,
        "rows": rows,
        "mine": {slip.pk for slip in mine},
        "waiting": sum(row.state not in (credentials.State.IN, credentials.State.BLOCKED) for row in rows),
        "ticked": "ticked" in request.GET,
        "leads": any(one.pk == school_class.pk for one in request.user.led_classes),
    }
    return render(request, "accounts/class_slips.html", context)


@requires("class-pages")
@require_POST
def class_slips_give(request: HttpRequest, pk: int) -> HttpResponse:
    """The class teacher or designated person has given ticked slips to their owners."""
    school_class, rows = _class(request, pk)
    _mark(request, SlipsForm(request.POST, slips=_received(request, rows)))
    return redirect("accounts:class_slips", school_class.pk)


def _class(request: HttpRequest, pk: int) -> tuple[SchoolClass, list[credentials.Row]]:
    school_class = credentials.slip_classes_of(request.user, today()).filter(pk=pk).first()
    if school_class is None:
        raise Http404
    return school_class, credentials.rows_of_class(school_class, today())


def _received(request: HttpRequest, rows: list[credentials.Row]) -> list:
    """Slips that lie with the one who asks."""
    return [row.slip for row in rows if row.slip and row.slip.handed_to_id == request.user.pk and not row.slip.given_at]
