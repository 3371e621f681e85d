"""The registration sheet of a class: the class teacher fills it in, by hand or from a file, and submits it (9.5)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import registration
from accounts.actions import registration as actions
from accounts.actor import Actor
from accounts.classes import classes_of
from accounts.forms.registration import DecisionForm, SheetRowForm
from accounts.importing.columns import Kind
from accounts.models import RegistrationSheet, SchoolClass, SheetRow
from accounts.views import sheet_files
from accounts.views.posting import is_done
from eios.lib.access import requires
from eios.lib.dates import today

GET_POST = ["GET", "HEAD", "POST"]


@requires("class-pages")
@require_safe
def class_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The open sheet of the own class with what each row waits for, and the former ones."""
    school_class = _own_class(request, pk)
    sheet = registration.open_sheet_of(school_class)
    rows = registration.rows_of(sheet) if sheet else []
    context = {
        "school_class": school_class,
        "sheet": sheet,
        "rows": rows,
        "undecided": sum(row.standing == registration.UNDECIDED for row in rows),
        "can_edit": sheet is None or sheet.is_draft,
        "former": registration.settled_sheets_of(school_class),
    }
    return render(request, "accounts/class_sheet.html", context)


@requires("class-pages")
@require_http_methods(GET_POST)
def class_sheet_row_add(request: HttpRequest, pk: int) -> HttpResponse:
    """One more pupil, typed by hand."""
    school_class = _own_class(request, pk)
    sheet = registration.open_sheet_of(school_class) or RegistrationSheet(school_class=school_class)
    return _row_page(request, school_class, sheet, None)


@requires("class-pages")
@require_http_methods(GET_POST)
def class_sheet_row(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """A row corrected by hand."""
    school_class = _own_class(request, pk)
    found = _own_row(school_class, row)
    return _row_page(request, school_class, found.sheet, found)


def _row_page(request, school_class: SchoolClass, sheet: RegistrationSheet, row: SheetRow | None) -> HttpResponse:
    if not sheet.is_draft:
        return _refused(request, school_class, "Ведомость подана: чтобы исправить её, сначала отзовите.")
    if request.method == "POST" and sheet.pk is None:
        sheet = actions.open_sheet(school_class=school_class, by=Actor.of(request))
    form = SheetRowForm(request.POST or None, sheet=sheet, row=row, asker=request.user, date=today())
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_row(form.filled(), by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            for words in form.warnings:
                messages.warning(request, f"{saved}: {words}")
            messages.success(request, f"В ведомости: {saved}.")
            return redirect("accounts:class_sheet", school_class.pk)
    context = {"school_class": school_class, "form": form, "row": row}
    return render(request, "accounts/class_sheet_row.html", context)


@requires("class-pages")
@require_POST
def class_sheet_row_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    school_class = _own_class(request, pk)
    found = _own_row(school_class, row)
    return _do(request, school_class, lambda by: actions.remove_row(found, by=by), f"Убрано из ведомости: {found}.")


@requires("class-pages")
@require_POST
def class_sheet_row_decide(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """«Это он — восстановить» or «другой человек»."""
    school_class = _own_class(request, pk)
    found = _own_row(school_class, row)
    form = DecisionForm(request.POST)
    candidates = registration.undecided_rows(found.sheet, [found])
    if not form.is_valid() or not candidates:
        return _refused(request, school_class, "Решать уже нечего: страница обновлена.")
    person = found.candidate if form.cleaned_data["decision"] == "same" else None
    return _do(request, school_class, lambda by: actions.recognise(found, person, by=by), f"Записано: {found}.")


@requires("class-pages")
@require_http_methods(GET_POST)
def class_sheet_load(request: HttpRequest, pk: int) -> HttpResponse:
    """A file for the sheet, and what it would change."""
    school_class = _own_class(request, pk)
    sheet = registration.open_sheet_of(school_class)
    if sheet and not sheet.is_draft:
        return _refused(request, school_class, "Ведомость подана: чтобы исправить её, сначала отзовите.")
    return sheet_files.load_page(request, _place(school_class), sheet, school_class=school_class)


@requires("class-pages")
@require_POST
def class_sheet_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The file that was seen becomes rows of the sheet."""
    school_class = _own_class(request, pk)
    sheet = get_object_or_404(RegistrationSheet.objects.open(), school_class=school_class)
    done = reverse("accounts:class_sheet", args=[pk])
    return sheet_files.confirm(request, _place(school_class), sheet, done)


@requires("class-pages")
@require_safe
def class_sheet_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The file to fill in."""
    _own_class(request, pk)
    return sheet_files.template_file(Kind.PUPILS, with_class=False)


@requires("class-pages")
@require_POST
def class_sheet_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """To the management."""
    school_class = _own_class(request, pk)
    sheet = get_object_or_404(RegistrationSheet.objects.open(), school_class=school_class)
    return _do(request, school_class, lambda by: actions.submit(sheet, by=by), "Ведомость подана руководству школы.")


@requires("class-pages")
@require_POST
def class_sheet_recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Back, as long as nobody has taken it."""
    school_class = _own_class(request, pk)
    sheet = get_object_or_404(RegistrationSheet.objects.open(), school_class=school_class)
    return _do(request, school_class, lambda by: actions.recall(sheet, by=by), "Ведомость снова черновик.")


def _own_class(request: HttpRequest, pk: int) -> SchoolClass:
    return get_object_or_404(classes_of(request.user, today()), pk=pk)


def _own_row(school_class: SchoolClass, key: int) -> SheetRow:
    """A row of the open sheet of the class; others' rows are not found."""
    open_states = RegistrationSheet.OPEN
    rows = SheetRow.objects.filter(sheet__school_class=school_class, sheet__state__in=open_states)
    return get_object_or_404(rows.select_related("sheet__school_class__year"), pk=key)


def _place(school_class: SchoolClass) -> sheet_files.Place:
    def address(name: str) -> str:
        return reverse(f"accounts:class_sheet_{name}", args=[school_class.pk])

    return sheet_files.Place(Kind.PUPILS, school_class, address("load"), address("confirm"), address("template"))


def _do(request: HttpRequest, school_class: SchoolClass, verb, done: str) -> HttpResponse:
    is_done(request, verb, done)
    return redirect("accounts:class_sheet", school_class.pk)


def _refused(request: HttpRequest, school_class: SchoolClass, words: str) -> HttpResponse:
    messages.warning(request, words)
    return redirect("accounts:class_sheet", school_class.pk)
