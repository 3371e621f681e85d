"""Reports of the management: movement, counts, first sign-ins, the alphabetical book; on screen, print and XLSX."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import personal_files
from accounts.actor import Actor
from accounts.classes import classes_of
from accounts.exports import MEDIA_TYPE
from accounts.forms.reports import BookFilterForm, DateForm, PeriodForm, SignInFilterForm
from accounts.models import AcademicYear
from accounts.reports import book, headcount, movement, sheets, sign_ins
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today

PAGE_SIZE, EVERYBODY = 50, 100_000


def xlsx(content: bytes, name: str) -> HttpResponse:
    """A workbook as a download, under a Russian name with the day."""
    disposition = content_disposition_header(True, f"{name}.xlsx")
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": disposition})


@requires("reports")
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """What there is, each with its number of today."""
    date = today()
    everybody, *_ = sign_ins.by_group(date)
    context = {
        "pupils": headcount.headcount(date).school.pupils,
        "waiting": everybody.waiting,
        "files": sum(count for _, count in book.letters()),
        "year": AcademicYear.objects.on(date).first(),
    }
    return render(request, "accounts/report_list.html", context)


# Movement


@requires("reports")
@require_safe
def report_movement(request: HttpRequest) -> HttpResponse:
    """Who arrived, left and changed the class in a period, and counts that add up."""
    form = PeriodForm(request.GET, usual=movement.usual_period(today()))
    context = {"form": form, "report": movement.movement(*form.days()), "periods": movement.usual_periods(today())}
    return render(request, "accounts/report_movement.html", context)


@requires("reports")
@require_safe
def report_movement_export(request: HttpRequest) -> HttpResponse:
    """The same as XLSX, a sheet for each part."""
    report = movement.movement(*PeriodForm(request.GET, usual=movement.usual_period(today())).days())
    return xlsx(sheets.movement(report, request.school), f"Движение {sheets.period(report)}")


# Counts


@requires("reports")
@require_safe
def report_headcount(request: HttpRequest) -> HttpResponse:
    """Pupils of each class, grade and level on a date."""
    date = today()
    form = DateForm(request.GET)
    report = headcount.headcount(form.day(date))
    context = {
        "form": form,
        "report": report,
        "most": max((grade.pupils for grade in report.grades), default=0),
        "days": [("Сегодня", date), ("20 сентября", headcount.count_day(date))],
    }
    return render(request, "accounts/report_headcount.html", context)


@requires("reports")
@require_safe
def report_headcount_export(request: HttpRequest) -> HttpResponse:
    """The same as XLSX."""
    report = headcount.headcount(DateForm(request.GET).day(today()))
    return xlsx(sheets.headcount(report, request.school), f"Численность {russian.short_date(report.date)}")


# First sign-ins


@requires("reports")
@require_safe
def report_sign_ins(request: HttpRequest) -> HttpResponse:
    """Accounts that nobody has entered yet, and where the slip is."""
    date = today()
    classes, positions = list(classes_of(request.user, date)), sign_ins.by_position(date)
    form = SignInFilterForm(request.GET, classes=classes, positions=[share.of for share in positions])
    filters = form.values()
    size = EVERYBODY if filters["whole"] else PAGE_SIZE
    page = Paginator(sign_ins.listed(filters, date), size).get_page(request.GET.get("page"))
    everybody, *groups = sign_ins.by_group(date)
    context = {
        "form": form,
        "filters": filters,
        "everybody": everybody,
        "groups": [everybody, *groups],
        "classes": sign_ins.by_class(classes, date),
        "positions": positions,
        "page": page,
        "rows": [sign_ins.Row(person) for person in page.object_list],
    }
    return render(request, "accounts/report_sign_ins.html", context)


@requires("reports")
@require_safe
def report_sign_ins_export(request: HttpRequest) -> HttpResponse:
    """The same list as XLSX, all of it."""
    date = today()
    positions = [share.of for share in sign_ins.by_position(date)]
    form = SignInFilterForm(request.GET, classes=classes_of(request.user, date), positions=positions)
    rows = [sign_ins.Row(person) for person in sign_ins.listed(form.values(), date)]
    return xlsx(sheets.sign_ins(rows, date, request.school), f"Ещё не входили {russian.short_date(date)}")


# The alphabetical book


@requires("reports")
@require_safe
def report_book(request: HttpRequest) -> HttpResponse:
    """Pages of the alphabetical book, a letter at a time."""
    date, letters = today(), book.letters()
    form = BookFilterForm(request.GET, letters=[letter for letter, _ in letters])
    filters = form.values()
    size = EVERYBODY if filters["whole"] else PAGE_SIZE
    page = Paginator(book.listed(filters, date), size).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "letters": letters,
        "total": sum(count for _, count in letters),
        "without_number": len(personal_files.without_number()),
        "page": page,
        "entries": book.entries(page.object_list, date),
    }
    return render(request, "accounts/report_book.html", context)


@requires("reports")
@require_safe
def report_book_export(request: HttpRequest) -> HttpResponse:
    """The chosen lines of the book as XLSX."""
    date = today()
    form = BookFilterForm(request.GET, letters=[letter for letter, _ in book.letters()])
    entries = book.entries(book.listed(form.values(), date), date)
    return xlsx(sheets.book(entries, request.school, date), f"Алфавитная книга {russian.short_date(date)}")


@requires("reports")
@require_http_methods(["GET", "HEAD", "POST"])
def report_book_numbers(request: HttpRequest) -> HttpResponse:
    """Whom numbers of personal files would be given; then gives them, once and for all."""
    if request.method == "POST":
        return _give_numbers(request)
    rows = personal_files.without_number()
    if not rows:
        messages.info(request, "Номера личных дел есть у всех.")
        return redirect("accounts:report_book")
    return render(request, "accounts/report_book_numbers.html", {"rows": rows})


def _give_numbers(request: HttpRequest) -> HttpResponse:
    given = personal_files.give_file_numbers(by=Actor.of(request))
    count = len(given.files)
    words = russian.plural(count, "номер", "номера", "номеров")
    messages.success(request, f"Присвоено: {count} {words}." if count else "Номера личных дел есть у всех.")
    for wanted, file in given.refused:
        messages.warning(request, f"{file.person}: номер {wanted} из приказа уже занят, присвоен {file}.")
    return redirect("accounts:report_book")
