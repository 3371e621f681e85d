"""Councils of a period's end: called, proposed to, frozen, confirmed; results changed later with a reason (1.3 b)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AcademicYear
from accounts.views.posting import is_done, is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import rights
from journal.actions import councils as actions
from journal.attestation import councils, pupils
from journal.forms.councils import BookFilterForm, CouncilForm, MinutesForm, ProposalForm, ResultChangeForm
from journal.models import Council, Gradebook, Result, Scale
from journal.views.attestation import chosen_year

GET_POST = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def council_list(request: HttpRequest) -> HttpResponse:
    """Councils, the newest first."""
    rows = list(councils.listed())
    titles = councils.titles_of(rows)
    rows = [(one, titles[one.pk]) for one in rows]
    return render(request, "journal/council_list.html", {"rows": rows, "manages": rights.manages(request.user)})


@requires("gradebooks")
@require_http_methods(GET_POST)
def council_add(request: HttpRequest) -> HttpResponse:
    """Calls a council on a term or the year."""
    _managers_only(request)
    year = chosen_year(request)
    if year is None:
        messages.warning(request, "Сначала откройте учебный год.")
        return redirect("journal:council_list")
    data = request.POST if request.method == "POST" else None
    form = CouncilForm(data, year=year, terms=councils.terms_of(year))
    if is_taken(
        request, form,
        lambda by: actions.call(
            year, form.kind, form.number, form.cleaned_data["classes"], date=form.cleaned_data["date"], by=by
        ),
        "Педсовет созван: учителя выставляют результаты.",
    ):  # fmt: skip
        return redirect("journal:council_list")
    context = {"form": form, "year": year, "years": AcademicYear.objects.all()}
    return render(request, "journal/council_add.html", context)


@requires("gradebooks")
@require_safe
def council_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is proposed and what is missing, gradebook by gradebook."""
    council = _council(pk)
    lines = councils.book_lines(council, request.user, today())
    form = BookFilterForm(request.GET, classes=council.classes.all())
    filters = form.values()
    context = {
        "council": council,
        "title": councils.title_of(council),
        "form": form,
        "filters": filters,
        "lines": councils.shown(lines, filters),
        "total": len(lines),
        "missing": sum(line.missing for line in lines),
        "manages": rights.manages(request.user),
        "State": {state.name: state.value for state in Council.State},
    }
    return render(request, "journal/council_detail.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def council_gradebook(request: HttpRequest, pk: int, book: int) -> HttpResponse:
    """Results of one gradebook: proposed by its teacher, read by those who may."""
    council = _council(pk)
    gradebook = _gradebook(request, council, book)
    may_propose = _may_propose(request, council, gradebook)
    if request.method == "POST" and not may_propose:
        raise Http404
    lines = councils.pupil_lines(council, gradebook, today())
    proposes = may_propose and gradebook.scale == Scale.FIVE
    form = _proposal_form(request, council, gradebook, lines, fills=proposes and "fill" in request.GET)
    if is_taken(
        request, form,
        lambda by: actions.propose(council, gradebook, form.wanted, seen=form.cleaned_data["seen"], by=by),
        lambda count: f"Сохранено, изменений — {count}." if count else "Всё как было.",
    ):  # fmt: skip
        return redirect("journal:council_gradebook", pk, book)
    kinds = [councils.TITLES.get(kind, "Результат") for kind in councils.kinds_of(council)]
    context = {
        "council": council,
        "title": councils.title_of(council),
        "gradebook": gradebook,
        "kinds": kinds,
        "rows": [
            (row.line, list(zip(kinds, row.fields, councils.ordered(council, row.line), strict=True)))
            for row in form.lines()
        ],
        "form": form,
        "may_propose": may_propose,
        "proposes": proposes,
        "may_change": rights.manages(request.user) and council.state == Council.State.CONFIRMED,
    }
    return render(request, "journal/council_gradebook.html", context)


def _proposal_form(
    request: HttpRequest, council: Council, gradebook: Gradebook, lines: list, *, fills: bool
) -> ProposalForm:  # fmt: skip
    seen = actions.mark_of(result for line in lines for result in line.results.values())
    data = request.POST if request.method == "POST" else None
    kinds = councils.kinds_of(council)
    return ProposalForm(data, gradebook=gradebook, kinds=kinds, lines=lines, fills=fills, initial={"seen": seen})


def _may_propose(request: HttpRequest, council: Council, gradebook: Gradebook) -> bool:
    if gradebook.is_mirror or council.state != Council.State.PROPOSING:
        return False
    return pupils.may_enter(request.user, gradebook, today())


@requires("gradebooks")
@require_POST
def council_freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """The journal is frozen for the council."""
    council = _managed(request, pk)
    is_done(request, lambda by: actions.freeze(council, by=by), "Журналы закрыты: результаты больше не меняются.")
    return redirect("journal:council_detail", pk)


@requires("gradebooks")
@require_POST
def council_unfreeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Teachers may propose again."""
    council = _managed(request, pk)
    is_done(request, lambda by: actions.unfreeze(council, by=by), "Журналы снова открыты.")
    return redirect("journal:council_detail", pk)


@requires("gradebooks")
@require_http_methods(GET_POST)
def council_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """By which minutes the council has confirmed; families see the results from then on."""
    council = _managed(request, pk)
    form = MinutesForm(request.POST if request.method == "POST" else None)
    if is_taken(
        request, form, lambda by: actions.confirm(council, **form.cleaned_data, by=by),
        lambda count: f"Утверждено результатов: {count}. Семьи их видят.",
    ):  # fmt: skip
        return redirect("journal:council_detail", pk)
    missing = sum(line.missing for line in councils.book_lines(council, request.user, today()))
    effects = ["Семьи увидят результаты.", "Потом результат меняет заместитель директора и называет причину."]
    if missing:
        words = russian.plural(missing, "результат", "результата", "результатов")
        effects.insert(0, f"Не хватает: {missing} {words}. Их в\N{NO-BREAK SPACE}этом решении не будет.")
    context = {
        "title": "Утвердить итоги",
        "question": f"{councils.title_of(council)}, {council.year} учебный год.",
        "effects": effects,
        "form": form,
        "button": "Утвердить",
        "back_url": "../",
    }
    return render(request, "ui/confirm.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def council_call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """A council that was called by mistake."""
    council = _managed(request, pk)
    if request.method == "POST":
        is_off = is_done(request, lambda by: actions.call_off(council, by=by), "Педсовет отменён.")
        return redirect("journal:council_list") if is_off else redirect("journal:council_detail", pk)
    context = {
        "title": "Отменить педсовет",
        "question": f"{councils.title_of(council)}, {council.year} учебный год.",
        "effects": ["Выставленное останется, но семьи увидят его только после нового педсовета."],
        "button": "Отменить педсовет",
        "danger": True,
        "back_url": "../",
    }
    return render(request, "ui/confirm.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def council_result(request: HttpRequest, pk: int, result: int) -> HttpResponse:
    """A confirmed result is changed by the deputy head, with a reason."""
    council = _managed(request, pk)
    found = Result.objects.select_related("pupil", "gradebook__subject", "gradebook__school_class")
    row = get_object_or_404(found, pk=result, council=council)
    form = ResultChangeForm(request.POST if request.method == "POST" else None, result=row)
    if is_taken(
        request, form,
        lambda by: actions.change_result(row, form.cleaned_data["value"], reason=form.cleaned_data["reason"], by=by),
        f"{row.pupil}: сохранено.",
    ):  # fmt: skip
        return redirect("journal:council_gradebook", pk, row.gradebook_id)
    context = {
        "title": "Изменить утверждённый результат",
        "question": f"{row.pupil}, {row.gradebook}: {row.value}.",
        "effects": ["Семья увидит новый результат.", "Прежний, причина и ваше имя останутся в журнале аудита."],
        "form": form,
        "button": "Изменить",
        "back_url": f"../../gradebooks/{row.gradebook_id}/",
    }
    return render(request, "ui/confirm.html", context)


def _council(pk: int) -> Council:
    return get_object_or_404(councils.listed(), pk=pk)


def _managed(request: HttpRequest, pk: int) -> Council:
    _managers_only(request)
    return _council(pk)


def _gradebook(request: HttpRequest, council: Council, pk: int) -> Gradebook:
    seen = rights.gradebooks_seen(request.user, today()).filter(school_class__councils=council)
    return get_object_or_404(seen.listed(), pk=pk)


def _managers_only(request: HttpRequest) -> None:
    if not rights.manages(request.user):
        raise Http404
