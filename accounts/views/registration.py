"""Registration sheets before the management: taken into orders, and lists of the whole school loaded (9.5)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import registration
from accounts.actions import registration as actions
from accounts.actor import Actor
from accounts.forms.registration import DecisionForm, RemarkForm, SheetFilterForm
from accounts.importing.columns import Kind
from accounts.models import RegistrationSheet, SheetRow
from accounts.views import sheet_files
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires

PAGE, ROWS = 30, 100
GET_POST = ["GET", "HEAD", "POST"]


@requires("registration")
@require_safe
def registration_list(request: HttpRequest) -> HttpResponse:
    """Sheets that wait, how long they have waited, and what became of the others."""
    form = SheetFilterForm(request.GET)
    filters = form.values()
    page = Paginator(registration.listed(filters["state"]), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "filters": filters, "page": page, "kinds": Kind.choices}
    return render(request, "accounts/registration_list.html", context)


@requires("registration")
@require_safe
def registration_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: whom it is about, and what can be done with it."""
    sheet = _sheet(pk)
    rows = registration.rows_of(sheet)
    counts = {standing: sum(row.standing == standing for row in rows) for standing in registration.STANDINGS}
    context = {
        "sheet": sheet,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "total": len(rows),
        "undecided": counts[registration.UNDECIDED],
        "to_order": counts[registration.NEW] + counts[registration.RETURNS] + counts[registration.WORKS],
        "to_credentials": counts[registration.CREDENTIALS],
        "can_decide": sheet.state in RegistrationSheet.OPEN,
    }
    return render(request, "accounts/registration_detail.html", context)


@requires("registration")
@require_POST
def registration_take(request: HttpRequest, pk: int) -> HttpResponse:
    """One click: lines of a draft order, and a request for the logins of those who are at school already."""
    sheet = _sheet(pk)
    try:
        order = actions.take(sheet, by=Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(sheet)
    sheet.refresh_from_db()
    messages.success(request, sheet_files.done_words(sheet, order))
    return redirect(order or sheet)


@requires("registration")
@require_http_methods(GET_POST)
def registration_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the class teacher, with a word about what is to be mended."""
    sheet = _sheet(pk)
    if not sheet.is_submitted:
        raise Http404
    form = RemarkForm(request.POST or None)
    if is_taken(
        request,
        form,
        lambda by: actions.send_back(sheet, form.cleaned_data["remark"], by=by),
        "Ведомость возвращена классному руководителю.",
    ):
        return redirect("accounts:registration_list")
    context = {
        "title": "Вернуть на исправление",
        "question": f"{sheet}.",
        "effects": ["Ведомость снова станет черновиком.", "Классный руководитель увидит замечание и подаст её заново."],
        "form": form,
        "button": "Вернуть",
        "back_url": sheet.get_absolute_url(),
    }
    return render(request, "ui/confirm.html", context)


@requires("registration")
@require_POST
def registration_decide(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """«Это он — восстановить» or «другой человек»."""
    found = get_object_or_404(SheetRow.objects.select_related("sheet__school_class"), pk=row, sheet=_sheet(pk))
    form = DecisionForm(request.POST)
    if not form.is_valid() or not registration.undecided_rows(found.sheet, [found]):
        messages.warning(request, "Решать уже нечего: страница обновлена.")
        return redirect(found.sheet)
    person = found.candidate if form.cleaned_data["decision"] == "same" else None
    is_done(request, lambda by: actions.recognise(found, person, by=by), f"Записано: {found}.")
    return redirect(found.sheet)


@requires("registration")
@require_POST
def registration_row_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A row of a draft of the whole school."""
    found = get_object_or_404(SheetRow.objects.select_related("sheet__school_class"), pk=row, sheet=_sheet(pk))
    is_done(request, lambda by: actions.remove_row(found, by=by), f"Убрано из ведомости: {found}.")
    return redirect(found.sheet)


@requires("registration")
@require_http_methods(GET_POST)
def registration_load(request: HttpRequest, kind: str) -> HttpResponse:
    """A file of the whole school: classes, staff or pupils; and what it would change."""
    sheet = _open_sheet(kind)
    return sheet_files.load_page(request, _place(kind), sheet, kinds=Kind.choices)


@requires("registration")
@require_POST
def registration_confirm(request: HttpRequest, kind: str) -> HttpResponse:
    """The file that was seen becomes rows of a sheet; of classes, classes."""
    place, sheet = _place(kind), _open_sheet(kind)
    if sheet is None:
        return redirect(place.load_url)
    return sheet_files.confirm(request, place, sheet, sheet.get_absolute_url())


@requires("registration")
@require_safe
def registration_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The file to fill in."""
    return sheet_files.template_file(_kind(kind), with_class=True)


def _sheet(pk: int) -> RegistrationSheet:
    """A sheet that has come before the management: a class teacher's draft is not found."""
    found = RegistrationSheet.objects.exclude(state=RegistrationSheet.State.DRAFT, school_class__isnull=False)
    return get_object_or_404(found.select_related("school_class__year", "created_by", "order", "source"), pk=pk)


def _kind(kind: str) -> str:
    if kind not in Kind.values:
        raise Http404
    return kind


def _open_sheet(kind: str) -> RegistrationSheet | None:
    return RegistrationSheet.objects.open().filter(kind=_kind(kind), school_class=None).select_related("source").first()


def _place(kind: str) -> sheet_files.Place:
    def address(name: str) -> str:
        return reverse(f"accounts:registration_{name}", args=[_kind(kind)])

    return sheet_files.Place(kind, None, address("load"), address("confirm"), address("template"))
