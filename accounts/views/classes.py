"""Class pages: who is in the class, and the agreement of each."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import acceptance
from accounts.actions import agreement as actions
from accounts.actor import Actor
from accounts.classes import classes_of, readable_years, with_leaders
from accounts.forms.agreement import ClassFilterForm, PaperForm
from accounts.models import AgreementEdition, SchoolClass
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today


@requires("class-pages")
@require_safe
def class_list(request: HttpRequest) -> HttpResponse:
    """Classes that one leads; for the management all of the year, each with its pupils and debts of the agreement."""
    date = today()
    classes = list(with_leaders(classes_of(request.user, date), date))
    context = {"shares": acceptance.by_class(classes, date), "years": readable_years(request.user)}
    return render(request, "accounts/class_list.html", context)


@requires("class-pages")
@require_safe
def class_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement of each pupil of the class: accepted how and when, or what is missing (6.4)."""
    school_class = _own_class(request, pk)
    edition = AgreementEdition.objects.current(today())
    rows = _rows(request, school_class, edition)
    form = ClassFilterForm(request.GET)
    filters = form.values()
    context = {
        "school_class": school_class,
        "edition": edition,
        "form": form,
        "filters": filters,
        "total": len(rows),
        "waiting": sum(not row.state.is_settled for row in rows),
        "rows": [row for row in rows if _is_chosen(row, filters["state"])],
        "can_record": edition is not None and any(row.state.waits_for_paper for row in rows),
    }
    return render(request, "accounts/class_agreement.html", context)


@requires("class-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def class_agreement_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Papers handed in: the ticked names once more, then recorded together."""
    school_class = _own_class(request, pk)
    edition = AgreementEdition.objects.current(today())
    if edition is None:
        raise Http404
    pupils = [row.person for row in _rows(request, school_class, edition)]
    form = PaperForm(request.POST if request.method == "POST" else request.GET, pupils=pupils)
    if not form.is_valid():
        messages.warning(request, form.errors["pupil"][0])
        return redirect("accounts:class_agreement", pk)
    if request.method == "POST":
        return _record(request, school_class, edition, form.people())
    context = {"school_class": school_class, "edition": edition, "form": form, "people": form.people()}
    return render(request, "accounts/class_agreement_paper.html", context)


def _own_class(request: HttpRequest, pk: int) -> SchoolClass:
    return get_object_or_404(classes_of(request.user, today()), pk=pk)


def _rows(request: HttpRequest, school_class: SchoolClass, edition: AgreementEdition | None) -> list[acceptance.Row]:
    pupils = acceptance.pupils_of([school_class], today())
    return acceptance.states(pupils.order_by("sort_name", "pk"), edition, request.school, today())


def _is_chosen(row: acceptance.Row, state: str) -> bool:
    return not state or row.state.is_settled == (state == "accepted")


def _record(request, school_class, edition, people) -> HttpResponse:
    try:
        count = actions.record_paper(people, edition, by=Actor.of(request))
    except actions.AcceptanceError as refusal:
        messages.warning(request, str(refusal))
    else:
        words = russian.plural(count, "соглашение", "соглашения", "соглашений")
        messages.success(request, f"На бумаге внесено: {count} {words}.")
    return redirect("accounts:class_agreement", school_class.pk)
