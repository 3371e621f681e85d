"""The teaching load: the table, a line, its end, replacements, gaps against the curriculum (1.3 b)."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.models import AcademicYear
from accounts.views.posting import is_taken
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books, curriculum, load, rights
from journal.actions import load as actions
from journal.forms.load import EndForm, GapFilterForm, LoadFilterForm, LoadForm, ReplacementForm
from journal.models import TeachingLoad
from journal.views.asking import filtered, keeper, year_asked

PAGE = 100
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def load_list(request: HttpRequest) -> HttpResponse:
    """Who teaches what: all for those who read all of teaching, the own load for others."""
    form, filters, year, rows = _rows(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    day = load.day_in(year, today())
    context = {
        "form": form,
        "filters": filters,
        "year": year,
        "page": page,
        "teachers": load.by_teacher(page.object_list, day),
        "day": day,
        "manages": rights.manages(request.user),
        "reads_all": rights.reads_all(request.user),
    }
    return render(request, "journal/load_list.html", context)


@requires("gradebooks")
@require_safe
def load_export(request: HttpRequest) -> HttpResponse:
    """The same lines as XLSX; the import takes the file back."""
    _, _, year, rows = _rows(request)
    if year is None:
        raise Http404
    return xlsx(load.as_xlsx(rows, year, request.school), load.file_name(today()))


def _rows(request: HttpRequest) -> tuple:
    form, filters, year, seen = filtered(
        request, LoadFilterForm, lambda year: load.seen_in(request.user, year), "gradebook"
    )
    return form, filters, year, load.chosen(seen, filters, load.day_in(year, today()))


@requires("gradebooks")
@require_safe
def load_gaps(request: HttpRequest) -> HttpResponse:
    """Where the load and the approved curriculum differ."""
    keeper(request)
    years = books.years()
    form = GapFilterForm(request.GET, years=years)
    filters = form.values()
    year = books.year_chosen(years, filters["year"], today())
    found = curriculum.gaps(year, load.day_in(year, today())) if year else []
    shown = [one for one in found if filters["kind"] in ("", one.kind)]
    counts = [(key, title, sum(one.kind == key for one in found)) for key, title in curriculum.KINDS.items()]
    context = {
        "filters": filters,
        "year": year,
        "years": years,
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "counts": counts,
        "total": len(found),
    }
    return render(request, "journal/load_gaps.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def load_add(request: HttpRequest) -> HttpResponse:
    """A new line; the year and the gradebook may stand in the address."""
    keeper(request)
    year = year_asked(request)
    row = TeachingLoad(starts=load.day_in(year, today()))
    return _edit(request, row, year, "journal/load_add.html")


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def load_change(request: HttpRequest, pk: int) -> HttpResponse:
    keeper(request)
    row = _load(pk)
    return _edit(request, row, row.gradebook.school_class.year, "journal/load_change.html")


def _edit(request: HttpRequest, row: TeachingLoad, year: AcademicYear, template: str) -> HttpResponse:
    name = str(row) if row.pk else ""
    first = {"gradebook": request.GET.get("gradebook")} if not row.pk else {}
    form = LoadForm(
        request.POST if request.method == "POST" else None, instance=row, year=year, date=today(), initial=first
    )

    def save(by: Actor) -> TeachingLoad:
        return actions.save_load(row, by=by, seen=form.cleaned_data["seen"])

    if is_taken(request, form, save, lambda made: f"{made.teacher.initials}, {made.gradebook}: записано."):
        return redirect("journal:load_list")
    return render(request, template, {"form": form, "load": row, "name": name, "year": year})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def load_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the last day, then ends the line."""
    keeper(request)
    row = _load(pk)
    day = load.day_in(row.gradebook.school_class.year, today())
    form = EndForm(request.POST if request.method == "POST" else None, initial={"last_day": day})

    def end(by: Actor) -> TeachingLoad:
        return actions.end_load(row, form.cleaned_data["last_day"], by=by, basis=form.cleaned_data["basis"])

    if is_taken(request, form, end, lambda made: f"{row}: по {russian.short_date(made.ends)}."):
        return redirect("journal:load_list")
    context = {
        "load": row,
        "title": "Закончить нагрузку",
        "question": f"{row}.",
        "effects": [
            "После этого дня учитель не видит журнал и не ставит в нём отметок.",
            "Отметки и результаты остаются как есть.",
        ],
        "form": form,
        "button": "Закончить",
        "back_url": reverse("journal:load_list"),
    }
    return render(request, "journal/load_confirm.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def load_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Who teaches instead for some days."""
    keeper(request)
    row = _load(pk)
    form = ReplacementForm(request.POST if request.method == "POST" else None, load=row, date=today())

    def replace(by: Actor) -> TeachingLoad:
        values = form.cleaned_data
        return actions.replace_teacher(
            row, values["teacher"], values["starts"], values["ends"], by=by, basis=values["basis"]
        )

    if is_taken(request, form, replace, lambda made: f"{made.teacher.initials} заменяет: {row}."):
        return redirect("journal:load_list")
    context = {
        "load": row,
        "title": "Замена",
        "question": f"{row}.",
        "effects": ["В дни замены журнал видят и ведут оба учителя; потом — снова только постоянный."],
        "form": form,
        "button": "Записать замену",
        "back_url": reverse("journal:load_list"),
    }
    return render(request, "journal/load_confirm.html", context)


def _load(pk: int) -> TeachingLoad:
    rows = TeachingLoad.objects.select_related(
        "teacher", "gradebook__school_class__year", "gradebook__subject", "gradebook__subgroup"
    )
    return get_object_or_404(rows, pk=pk)
