"""«Сведения» as they are kept: the board of completeness, rows, where they live, exports (8.1, 8.3)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from eios.lib.access import ADMINISTER, CONTRIBUTE, requires
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused
from resources import access
from resources import sections as registry
from resources.actions import sveden as actions
from resources.asker import asker_of
from resources.forms.sveden import FillForm, NoneForm, RowForm, SettingsForm
from resources.models import SvedenExport, SvedenSettings
from resources.sveden import archive, board, pages
from resources.sveden.table import Block, Section
from resources.views.sveden import SLUG, section_of

FORM_METHODS = ["GET", "HEAD", "POST"]
EXPORTS_SHOWN = 20


@requires(SLUG, to=CONTRIBUTE)
@require_safe
def sveden_board(request: HttpRequest) -> HttpResponse:
    """What is filled, what is empty, what nobody has looked at for ten working days."""
    export = board.last_export()
    lines = board.lines(request.school, today(), export)
    context = {
        "lines": lines,
        "complete": sum(line.is_complete for line in lines),
        "export": export,
        "settings": SvedenSettings.current(),
        "term": board.TERM,
        "may_administer": _may_administer(request),
    }
    return render(request, "resources/sveden_board.html", context)


@requires(SLUG, to=CONTRIBUTE)
@require_safe
def sveden_edit(request: HttpRequest, path: str) -> HttpResponse:
    """A subsection with the way to change each of its rows."""
    section = section_of(path)
    page = pages.page(section, request.school, today())
    context = {
        "section": section,
        "page": page,
        "blocks": [(filled, _fill_form(filled)) for filled in page.blocks],
        "old": {cell.value.pk for cell in board.old_fields(page, today())},
        "check": board.checks_of(section).first(),
        "term": board.TERM,
    }
    return render(request, "resources/sveden_edit.html", context)


@requires(SLUG, to=CONTRIBUTE)
@require_POST
def sveden_check(request: HttpRequest, path: str) -> HttpResponse:
    """«Проверено, изменений нет»."""
    section = section_of(path)
    actions.confirm(section, by=Actor.of(request))
    messages.success(request, f"Записано: подраздел «{section.title}» проверен.")
    return redirect("resources:sveden_board")


@requires(SLUG, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def sveden_row(request: HttpRequest, path: str, block: str, row: int) -> HttpResponse:
    """Changes the typed fields of a row."""
    section, group = _block(path, block)
    found = _row(request, section, group, row)
    values = {cell.field.key: cell.value for cell in found.cells if cell.value and cell.value.field}
    form = _row_form(request, group, values)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and _is_done(form, lambda: _save(request, section, group, row, form)):
        messages.success(request, "Сохранено.")
        return redirect("resources:sveden_edit", path)
    return render(request, "resources/sveden_row.html", _row_context(section, group, found, form))


@requires(SLUG, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def sveden_row_add(request: HttpRequest, path: str, block: str) -> HttpResponse:
    """A new row of a group that people type."""
    section, group = _block(path, block)
    if not group.many:
        raise Http404
    form = _row_form(request, group, {})
    if request.method == "POST" and form.is_valid() and _is_done(form, lambda: _add(request, section, group, form)):
        messages.success(request, "Строка добавлена.")
        return redirect("resources:sveden_edit", path)
    return render(request, "resources/sveden_row.html", _row_context(section, group, None, form))


@requires(SLUG, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def sveden_row_remove(request: HttpRequest, path: str, block: str, row: int) -> HttpResponse:
    """Asks once, then takes a typed row away."""
    section, group = _block(path, block)
    found = _row(request, section, group, row)
    if not group.many:
        raise Http404
    if request.method == "POST":
        actions.remove_row(section, group, row, by=Actor.of(request))
        messages.success(request, f"Строка «{found.title}» убрана.")
        return redirect("resources:sveden_edit", path)
    return render(request, "resources/sveden_row_remove.html", {"section": section, "group": group, "row": found})


@requires(SLUG, to=CONTRIBUTE)
@require_POST
def sveden_none(request: HttpRequest, path: str, block: str) -> HttpResponse:
    """«Нет» of a whole group, or its undoing."""
    section, group = _block(path, block)
    form = NoneForm(request.POST)
    if not group.has_rows or not form.is_valid():
        raise Http404
    try:
        actions.say_none(section, group, is_none=form.cleaned_data["is_none"], by=Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Сохранено: {group.title}.")
    return redirect("resources:sveden_edit", path)


@requires(SLUG, to=CONTRIBUTE)
@require_POST
def sveden_fill(request: HttpRequest, path: str, block: str) -> HttpResponse:
    """The same words in what is still empty in a column."""
    section, group = _block(path, block)
    form = FillForm(group, request.POST)
    if not form.is_valid():
        messages.warning(request, "Выберите столбец и напишите не больше 4000 знаков: ничего не изменено.")
        return redirect("resources:sveden_edit", path)
    page = pages.page(section, request.school, today())
    filled = next(one for one in page.blocks if one.block == group)
    rows = [] if filled.is_blank else [row.key for row in filled.rows]
    count = actions.fill_empty(section, group, form.chosen, rows, form.entry(), by=Actor.of(request))
    messages.success(request, f"Заполнено строк: {count}.")
    return redirect("resources:sveden_edit", path)


@requires(SLUG, to=ADMINISTER)
@require_http_methods(FORM_METHODS)
def sveden_settings(request: HttpRequest) -> HttpResponse:
    """Here or on the official site."""
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=SvedenSettings.current())
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_settings(**form.cleaned_data, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Сохранено.")
            return redirect("resources:sveden_board")
    return render(request, "resources/sveden_settings.html", {"form": form})


@requires(SLUG, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def sveden_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """What was taken out and when; a new archive."""
    if request.method == "POST":
        try:
            made = archive.make(request.school, today())
        except archive.ExportRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("resources:sveden_export")
        actions.record_export(made, by=Actor.of(request))
        name = f"sveden-{today():%Y-%m-%d}.zip"
        return FileResponse(made.file, as_attachment=True, filename=name, content_type="application/zip")
    rows = SvedenExport.objects.select_related("by")[:EXPORTS_SHOWN]
    return render(request, "resources/sveden_export.html", {"rows": rows})


def _block(path: str, key: str) -> tuple[Section, Block]:
    section = section_of(path)
    block = section.block(key)
    if block is None:
        raise Http404
    return section, block


def _row(request: HttpRequest, section: Section, block: Block, key: int) -> pages.Row:
    """A row that stands on the page today. Raises Http404."""
    page = pages.page(section, request.school, today())
    filled = next(one for one in page.blocks if one.block == block)
    found = next((row for row in filled.rows if row.key == key), None)
    if found is None or filled.is_blank or not block.typed_fields:
        raise Http404
    return found


def _row_context(section: Section, block: Block, row: pages.Row | None, form: RowForm) -> dict:
    return {"section": section, "group": block, "row": row, "form": form}


def _row_form(request: HttpRequest, block: Block, values: dict) -> RowForm:
    is_post = request.method == "POST"
    return RowForm(block, values, request.POST if is_post else None, request.FILES if is_post else None)


def _fill_form(filled: pages.Filled) -> FillForm | None:
    """Where a column is worth filling at once: in rows that the portal makes."""
    block = filled.block
    return FillForm(block, auto_id=f"fill-{block.key}-%s") if block.source and block.typed_fields else None


def _save(request: HttpRequest, section: Section, block: Block, row: int, form: RowForm) -> None:
    actions.save_values(section, block, row, form.entries(), seen=form.seen_mark(), by=Actor.of(request))


def _add(request: HttpRequest, section: Section, block: Block, form: RowForm) -> None:
    actions.add_values(section, block, form.entries(), by=Actor.of(request))


def _is_done(form: RowForm, act) -> bool:
    """Did the action take it? A refusal stands above the form, with all that was typed."""
    try:
        act()
    except ValidationError as refusal:
        form.errors += refusal.messages
    except FileRefused as refusal:
        form.errors.append(str(refusal))
    else:
        return True
    return False


def _may_administer(request: HttpRequest) -> bool:
    section = registry.by_slug(request.school, SLUG)
    return access.decide(asker_of(request), section, ADMINISTER).allowed
