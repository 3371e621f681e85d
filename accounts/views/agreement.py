"""The agreement: reading and accepting it, for oneself and for a child; the school's report (6.4)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts import acceptance, exports
from accounts.actions import agreement as actions
from accounts.actor import Actor
from accounts.classes import classes_of
from accounts.forms.agreement import AcceptForm, ReportFilterForm
from accounts.models import Acceptance, AgreementEdition
from eios.lib.access import at_gate, requires
from eios.lib.addresses import safe_next
from eios.lib.dates import today

PAGE_SIZE, EVERYBODY = 50, 100_000
Kind = Acceptance.Kind
TICKS = {
    Kind.SELF: "Соглашение прочитано, его условия понятны и принимаются",
    Kind.CHILD: "Правила прочитаны, они понятны, обещаю их соблюдать",
    Kind.PARENT: "Соглашение прочитано, его условия принимаются за ребёнка",
}
VERBS = {Kind.SELF: actions.accept_for_oneself, Kind.CHILD: actions.tick_as_child}


@at_gate
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest) -> HttpResponse:
    """Read the edition in force and accept it; a child ticks the plain text and waits for a parent (6.4)."""
    edition = AgreementEdition.objects.current(today())
    if edition is None:
        return render(request, "accounts/agreement_none.html")
    state = acceptance.state_of(request.user, edition, request.school, today())
    kind = _asked_of(state)
    if request.method == "POST":
        return _accept(request, edition, kind)
    form = _form(edition, kind, request.GET.get("next", "")) if kind else None
    return _agreement_page(request, edition, state, form)


def _asked_of(state: acceptance.State) -> Kind | None:
    """What the person can do now; None when it is done, or another's turn."""
    if acceptance.Missing.OWN in state.missing:
        return Kind.SELF
    return Kind.CHILD if state.waits_for_child else None


def _form(edition: AgreementEdition, kind: Kind, wanted: str = "") -> AcceptForm:
    return AcceptForm(initial={"edition": edition.mark, "kind": kind, "next": wanted}, tick=TICKS[kind])


def _agreement_page(request, edition, state, form) -> HttpResponse:
    context = {
        "edition": edition,
        "state": state,
        "form": form,
        "plain": state.waits_for_parent or state.waits_for_child,
        "cabinets": request.school.parents_have_cabinets,
    }
    return render(request, "accounts/agreement.html", context)


def _accept(request: HttpRequest, edition: AgreementEdition, kind: Kind | None) -> HttpResponse:
    form = AcceptForm(request.POST, tick=TICKS[kind or Kind.SELF])
    is_valid = form.is_valid()
    if kind is None:
        return redirect(_wanted(request, form))
    if form.is_stale(edition, kind):
        return _ask_again(request)
    if not is_valid:
        state = acceptance.state_of(request.user, edition, request.school, today())
        return _agreement_page(request, edition, state, form)
    try:
        VERBS[kind](edition, by=Actor.of(request))
    except actions.AcceptanceError as refusal:
        messages.warning(request, str(refusal))
        return redirect("accounts:agreement")
    return redirect(_wanted(request, form))


def _wanted(request: HttpRequest, form: AcceptForm) -> str:
    return safe_next(request, form.cleaned_data.get("next", ""), reverse("eios:cabinet"))


def _ask_again(request: HttpRequest) -> HttpResponse:
    """The page stood open while the edition, or what is asked of the person, changed."""
    messages.warning(request, "Пока страница была открыта, соглашение обновилось. Прочитайте его ещё раз.")
    return redirect(request.path)


@requires("cabinet")
@require_safe
def agreement_children(request: HttpRequest) -> HttpResponse:
    """A parent's children and the state of each one's agreement."""
    edition, date = AgreementEdition.objects.current(today()), today()
    children = acceptance.children_of(request.user, date).order_by("sort_name", "pk")
    rows = acceptance.states(children, edition, request.school, date)
    return render(request, "accounts/agreement_children.html", {"edition": edition, "rows": rows})


@requires("cabinet")
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_child(request: HttpRequest, pk: int) -> HttpResponse:
    """A parent reads and accepts for the own child; anybody else's child is not found."""
    edition, date = AgreementEdition.objects.current(today()), today()
    child = acceptance.children_of(request.user, date).filter(pk=pk).first()
    if child is None or edition is None:
        raise Http404
    state = acceptance.state_of(child, edition, request.school, date)
    if request.method == "POST":
        return _accept_for_child(request, child, edition, state)
    form = _form(edition, Kind.PARENT) if state.waits_for_parent else None
    return _child_page(request, child, edition, state, form)


def _child_page(request, child, edition, state, form) -> HttpResponse:
    context = {"child": child, "edition": edition, "state": state, "form": form}
    return render(request, "accounts/agreement_child.html", context)


def _accept_for_child(request, child, edition, state) -> HttpResponse:
    form = AcceptForm(request.POST, tick=TICKS[Kind.PARENT])
    if not state.waits_for_parent:
        return redirect("accounts:agreement_children")
    is_valid = form.is_valid()
    if form.is_stale(edition, Kind.PARENT):
        return _ask_again(request)
    if not is_valid:
        return _child_page(request, child, edition, state, form)
    try:
        actions.accept_for_child(child, edition, by=Actor.of(request))
    except actions.AcceptanceError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Соглашение за ребёнка принято: {child}.")
    return redirect("accounts:agreement_children")


@requires("agreement-report")
@require_safe
def agreement_report(request: HttpRequest) -> HttpResponse:
    """How many of the living accounts have not accepted, and who they are; filters stand in the address."""
    date = today()
    classes = list(classes_of(request.user, date))
    form = ReportFilterForm(request.GET, classes=classes)
    filters = form.values()
    edition = AgreementEdition.objects.current(date)
    size = EVERYBODY if filters["whole"] else PAGE_SIZE
    page = Paginator(acceptance.listed(filters, date), size).get_page(request.GET.get("page"))
    everybody, *groups = acceptance.by_group(date)
    context = {
        "edition": edition,
        "form": form,
        "filters": filters,
        "everybody": everybody,
        "groups": [everybody, *groups],
        "classes": acceptance.by_class(classes, date),
        "page": page,
        "rows": acceptance.states(page.object_list, edition, request.school, date),
    }
    return render(request, "accounts/agreement_report.html", context)


@requires("agreement-report")
@require_safe
def agreement_report_export(request: HttpRequest) -> HttpResponse:
    """The same list as XLSX, all of it."""
    date = today()
    form = ReportFilterForm(request.GET, classes=classes_of(request.user, date))
    edition = AgreementEdition.objects.current(date)
    people = acceptance.listed(form.values(), date)
    rows = acceptance.states(people, edition, request.school, date)
    title = f"{actions.FIRST_TITLE}: кто принял" if edition is None else f"{edition.title}, {edition}"
    content = exports.acceptance_list(title, rows, request.school)
    name = content_disposition_header(True, f"Соглашение {date:%d.%m.%Y}.xlsx")
    return HttpResponse(content, content_type=exports.MEDIA_TYPE, headers={"Content-Disposition": name})
