"""Rules of entry, gradebooks opened again, asking for that, late changes of the school (7.2)."""

import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AcademicYear, SchoolClass
from accounts.views.posting import is_done, is_taken
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books, entry, entry_pages, history, rights
from journal.actions import entry as actions
from journal.forms.entry import AskedForm, AskForm, LateForm, OpeningForm, RulesForm
from journal.models import EntryOpening, Gradebook
from journal.views.asking import keeper, year_asked

GET_POST = ["GET", "HEAD", "POST"]
PAGE = 50
# An opening lasts so long unless said otherwise.
USUAL_DAYS = 3


@requires("gradebooks")
@require_safe
def entry_detail(request: HttpRequest) -> HttpResponse:
    """The rules in words for everybody who enters; openings of the own gradebooks, for the managers of all."""
    date = today()
    years = books.years()
    year = books.year_chosen(years, request.GET.get("year", ""), date)
    rules = entry_pages.rules_of(year) if year else None
    manages = rights.manages(request.user)
    openings = entry_pages.openings_seen(request.user, year, date)
    context = {
        "years": years,
        "year": year,
        "rules": rules,
        "sentences": entry_pages.sentences(rules) if rules else [],
        "page": Paginator(openings, PAGE).get_page(request.GET.get("page")),
        "requests": entry_pages.requests_to(request.user, date) if manages else [],
        "manages": manages,
        "reads_all": rights.reads_all(request.user),
        "today": date,
    }
    return render(request, "journal/entry_detail.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def entry_change(request: HttpRequest) -> HttpResponse:
    """Another number of days, another act."""
    keeper(request)
    year = year_asked(request)
    row = entry_pages.rules_of(year)
    acts = entry_pages.acts(today())
    form = RulesForm(request.POST if request.method == "POST" else None, instance=row, acts=acts)
    if is_taken(
        request, form, lambda by: actions.save_rules(row, by=by, seen=form.cleaned_data["seen"]), "Правила сохранены."
    ):
        return redirect("journal:entry_detail")
    return render(request, "journal/entry_change.html", {"form": form, "year": year})


@requires("gradebooks")
@require_http_methods(GET_POST)
def opening_add(request: HttpRequest) -> HttpResponse:
    """Opens a gradebook, all of a class or all of a teacher; the address fills the form in."""
    keeper(request)
    date = today()
    year = year_asked(request)
    initial, asked = _asked(request, date)
    data = request.POST if request.method == "POST" else None
    here, teachers = entry_pages.books_here(year), entry_pages.teachers_here(year, date)
    form = OpeningForm(data, initial=initial, books=here, teachers=teachers)

    def act(by) -> list[EntryOpening]:
        given = form.cleaned_data
        chosen = entry_pages.books_chosen(year, date, **form.what(given))
        days = {name: given[name] for name in ("starts", "ends", "until", "reason")}
        return actions.open_books(chosen, **days, by=by)

    if is_taken(request, form, act, _opened):
        return redirect("journal:entry_detail")
    return render(request, "journal/opening_add.html", {"form": form, "year": year, "asked": asked})


def _asked(request: HttpRequest, date: datetime.date) -> tuple[dict, object]:
    """What the address fills in, and the request that it answers."""
    values = AskedForm(request.GET).values()
    initial = {name: value for name, value in values.items() if value and name != "asked"}
    initial.setdefault("until", date + USUAL_DAYS * entry.DAY)
    if not all(values[name] for name in ("asked", "gradebook", "starts", "ends")):
        return initial, None
    asked = entry_pages.Asked(values["gradebook"], values["asked"], values["starts"], values["ends"])
    found = entry_pages.request_of(request.user, asked)
    if found:
        initial["reason"] = entry_pages.reason_of(found)
    return initial, found


def _opened(made: list[EntryOpening]) -> str:
    words = russian.plural(len(made), "журнал", "журнала", "журналов")
    until = russian.short_date(made[0].until)
    return f"Открыто до {until} включительно: {len(made)} {words}. Учителям отправлено уведомление."


@requires("gradebooks")
@require_http_methods(GET_POST)
def opening_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes before the day that was named."""
    keeper(request)
    opening = get_object_or_404(EntryOpening.objects.select_related("gradebook__school_class__year"), pk=pk)
    if request.method == "POST":
        is_done(request, lambda by: actions.close_opening(opening, by=by), "Журнал закрыт.")
        return redirect("journal:entry_detail")
    context = {
        "title": "Закрыть журнал досрочно",
        "question": f"{opening.gradebook}, уроки {russian.short_date(opening.starts)} — "
        f"{russian.short_date(opening.ends)}.",
        "effects": [
            "С этой минуты учитель вводит отметки только по общим правилам.",
            "Всё, что уже введено, остаётся.",
        ],
        "button": "Закрыть",
        "back_url": "../../../",
    }
    return render(request, "ui/confirm.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def entry_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The gradebook's teacher asks to open it for some lessons, who gave one in the place of another for its day. 404
    for others and of a gradebook kept elsewhere."""
    date, day = today(), _days(request).get("starts")
    books = Gradebook.objects.listed().select_related("school_class__year__entry_rules__act")
    book = get_object_or_404(books, pk=pk)
    door = entry.door_of(book, request.user, date, day=day)
    if door.refusal or not (door.teaches or door.gave):
        raise Http404
    form = AskForm(request.POST if request.method == "POST" else None, initial=_days(request))
    back = f"{reverse('journal:timetable')}?date={day}" if door.gave else reverse("journal:gradebook_detail", args=[pk])
    if is_taken(request, form, lambda by: actions.ask(door, **form.cleaned_data, by=by), "Просьба отправлена."):
        return redirect(back)
    context = {"form": form, "book": book, "rules": door.rules, "sentences": entry_pages.sentences(door.rules)}
    return render(request, "journal/entry_ask.html", context | {"door": door, "back_url": back})


def _days(request: HttpRequest) -> dict:
    values = AskedForm(request.GET).values()
    return {name: values[name] for name in ("starts", "ends") if values[name]}


@requires("gradebooks")
@require_safe
def late_list(request: HttpRequest) -> HttpResponse:
    """Late changes of the year over all gradebooks, newest first."""
    form, year, rows = _late(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": form.values(),
        "year": year,
        "years": books.years(),
        "page": page,
        "rows": history.shown(page.object_list, reasons=True),
    }
    return render(request, "journal/late_list.html", context)


@requires("gradebooks")
@require_safe
def late_export(request: HttpRequest) -> HttpResponse:
    """The same changes as XLSX."""
    _, year, rows = _late(request)
    rows = history.shown(rows[: history.MOST_EXPORTED], reasons=True)
    title = f"Поздние изменения в журналах, {year}"
    name = f"{title} {russian.short_date(today())}".replace("/", "-")
    return xlsx(history.workbook(title, rows, request.school), name)


def _late(request: HttpRequest) -> tuple[LateForm, AcademicYear | None, object]:
    """Raises Http404 for whoever does not see all of teaching."""
    if not rights.reads_all(request.user):
        raise Http404
    year = books.year_chosen(books.years(), request.GET.get("year", ""), today())
    rows = history.late_changes(year)
    classes = SchoolClass.objects.filter(year=year).select_related("year").order_by("grade", "letter")
    form = LateForm(request.GET, classes=classes, authors=history.authors_in(rows))
    return form, year, history.late_chosen(rows, form.values())
