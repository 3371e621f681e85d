"""The queue of pupils' entries: one by one with all that stands in them, or many at once (11.1)."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import SchoolClass, User
from accounts.views.posting import is_done, is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from portfolio import achievement_queue, achievements, queue_cells, rights
from portfolio.actions import achievement_checks as actions
from portfolio.forms.achievements import ConfirmForm, QueueFilterForm, ReturnForm, TickedForm
from portfolio.models import Achievement, State

PAGE = 18  # a page of some 28 KB
PAIRS = 40


@requires("portfolio-desk")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first."""
    _refuse_others(request)
    form = QueueFilterForm(request.GET, classes=_classes(request.user), is_of_school=rights.manages(request.user))
    filters = form.values()
    page, lines = _page(request, filters)
    context = {
        "form": form,
        "filters": filters,
        "is_narrowed": any(filters[name] for name in ("q", "sphere", "school_class", "unled")),
        "page": page,
        "lines": lines,
        "body": queue_cells.body(
            lines, reverse("portfolio:queue"), reverse("portfolio:achievement_list"), are_ticked=bool(filters["ticked"])
        ),
    }
    return render(request, "portfolio/queue.html", context)


def _page(request: HttpRequest, filters: dict) -> tuple[Page, list[achievement_queue.Line]]:
    """Of a class, of the led classes, or of the whole school."""
    person, number, chosen = request.user, request.GET.get("page"), filters["school_class"]
    if rights.manages(person) and (filters["unled"] or not chosen):
        page = Paginator(achievement_queue.at_school(person, filters, today()), PAGE).get_page(number)
        return page, achievement_queue.lines_of(page, today())
    classes = [chosen] if chosen else person.led_classes
    page = Paginator(achievement_queue.of_classes(person, classes, filters, today()), PAGE).get_page(number)
    return page, achievement_queue.lines_of_classes(page.object_list)


def _classes(person: User) -> QuerySet[SchoolClass] | None:
    """Among which one chooses; who leads one class has nothing to choose."""
    if not rights.manages(person) and len(person.led_classes) < 2:
        return None
    return rights.classes_led(person, today())


@requires("portfolio-desk")
@require_safe
def double_list(request: HttpRequest) -> HttpResponse:
    """Confirmed entries that may be one and the same, and both count."""
    _refuse_others(request)
    form = QueueFilterForm(request.GET, classes=_classes(request.user), is_of_school=False)
    filters = form.values()
    pairs = achievement_queue.pairs_counted(request.user, filters["school_class"], today())
    page = Paginator(pairs, PAIRS).get_page(request.GET.get("page"))
    rows = achievement_queue.named_pairs(page.object_list, today())
    return render(request, "portfolio/double_list.html", {"form": form, "filters": filters, "page": page, "rows": rows})


@requires("portfolio-desk")
@require_POST
def queue_confirm_many(request: HttpRequest) -> HttpResponse:
    """Those that were ticked; what changed meanwhile is passed over and named."""
    _refuse_others(request)
    form = TickedForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(form.errors["entry"]))
    else:
        is_done(request, lambda by: _said(request, actions.confirm_many(form.cleaned_data["entry"], by=by)))
    return redirect(f"{reverse('portfolio:queue')}?{request.GET.urlencode()}".rstrip("?"))


def _said(request: HttpRequest, outcome: actions.Outcome) -> None:
    count = len(outcome.confirmed)
    if count:
        words = russian.plural(count, "запись", "записи", "записей")
        messages.success(request, f"Подтверждено: {count} {words}.")
    for entry, why in outcome.skipped:
        name = f"{entry.pupil.initials}, «{entry.title}»: " if entry else ""
        messages.warning(request, f"{name}{why}")


@requires("portfolio-desk")
@require_safe
def queue_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry that waits: all that stands in it, what it looks like, what it replaces."""
    entry = _checked(request, pk)
    if entry.state == State.DRAFT:
        raise Http404
    if entry.state != State.SUBMITTED:
        return redirect("portfolio:achievement_detail", pk)
    return _detail(request, entry)


@requires("portfolio-desk")
@require_POST
def queue_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _checked(request, pk)
    form = ConfirmForm(request.POST, others=achievement_queue.same_offered(entry))

    def confirm(by):
        values = form.cleaned_data
        return actions.confirm(entry, values["same_as"], seen=values["seen"], by=by)

    if is_taken(request, form, confirm, "Подтверждено."):
        return redirect("portfolio:queue")
    return _detail(request, entry, confirm_form=form)


@requires("portfolio-desk")
@require_POST
def queue_return(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _checked(request, pk)
    form = ReturnForm(request.POST)

    def send_back(by):
        values = form.cleaned_data
        return actions.send_back(entry, values["reason"], seen=values["seen"], by=by)

    if is_taken(request, form, send_back, "Запись возвращена с вашим пояснением."):
        return redirect("portfolio:queue")
    return _detail(request, entry, return_form=form)


def _detail(request: HttpRequest, entry: Achievement, *, confirm_form=None, return_form=None) -> HttpResponse:
    """Forms hold what stands now, so that a second try is about what is shown."""
    entry = _checked(request, entry.pk)
    if entry.state != State.SUBMITTED:
        messages.warning(request, actions.CHANGED)
        return redirect("portfolio:queue")
    found = achievement_queue.doubles_of(entry)
    same = next((one.entry.pk for one in found if one.is_same and one.entry.state == State.CONFIRMED), None)
    context = {
        "entry": entry,
        "school_class": entry.pupil.school_class_now,
        "doubles": found,
        "entries_url": reverse("portfolio:achievement_list"),
        "seen": achievement_queue.seen_of(entry),
        "versions": achievements.versions_of(entry, rights.achievements_seen(request.user, today())),
        "confirm_form": confirm_form
        or ConfirmForm(others=achievement_queue.same_offered(entry), initial={"same_as": same}),
        "return_form": return_form or ReturnForm(),
    }
    return render(request, "portfolio/queue_detail.html", context)


def _checked(request: HttpRequest, pk: int) -> Achievement:
    """In any state: what was taken back meanwhile is refused in words, and its contents are not shown."""
    rows = rights.achievements_checked(request.user, today())
    rows = rows.select_related("pupil", "subject", "replaces").prefetch_related("evidence__file")
    return get_object_or_404(rows, pk=pk)


def _refuse_others(request: HttpRequest) -> None:
    if not (rights.manages(request.user) or rights.leads_somebody(request.user)):
        raise Http404
