"""Yearly sheets of classes: on screen, as files, into the archive, all of the school (7.3)."""

import io
import zipfile

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.models import AcademicYear, Job, SchoolClass, StoredFile
from accounts.views.posting import is_taken
from accounts.views.reports import xlsx
from eios.lib.access import requires
from eios.lib.dates import today
from journal import rights
from journal.actions import sheets as actions
from journal.forms.sheets import AllForm, ArchiveFilterForm, ArchiveForm, LayoutForm, NotesForm, YearFilterForm
from journal.models import ArchivedSheet, SheetLayout, SheetMinutes
from journal.sheets import lists, printing, tables
from journal.sheets import render as drawing
from journal.sheets.content import fingerprint
from journal.sheets.differences import differences
from journal.sheets.source import content_of, proposed_in

PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def sheet_list(request: HttpRequest) -> HttpResponse:
    """Classes of a year whose sheets one sees, each with what lies in the archive."""
    years = lists.years_of(request.user)
    form = YearFilterForm(request.GET, years=years)
    year = form.values()["year"] or years.filter(starts__lte=today()).first()
    context = {
        "form": form,
        "year": year,
        "years": years,
        "lines": lists.classes_of(request.user, year) if year else [],
        "manages": rights.manages(request.user),
    }
    return render(request, "journal/sheet_list.html", context)


@requires("gradebooks")
@require_safe
def sheet_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of a class as the journal has it now."""
    school_class = _class(request, pk)
    content = content_of(school_class, SheetLayout.current(), request.school)
    archived = ArchivedSheet.objects.standing().filter(school_class=school_class).defer("content").first()
    context = {
        "school_class": school_class,
        "content": content,
        "table": drawing.table(content),
        "archived": archived,
        "has_changed": archived is not None and archived.sha256 != fingerprint(content),
        "proposed": proposed_in(school_class),
        "manages": rights.manages(request.user),
        "may_note": _may_note(request, school_class),
    }
    return render(request, "journal/sheet_detail.html", context)


@requires("gradebooks")
@require_safe
def sheet_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as PDF, with the day and without a number."""
    school_class = _class(request, pk)
    content = content_of(school_class, SheetLayout.current(), request.school)
    return pdf_file(
        printing.sheet(content, printing.Stamp(timezone.now())), f"Сводная ведомость {school_class.name} проект"
    )


@requires("gradebooks")
@require_safe
def sheet_export(request: HttpRequest, pk: int) -> HttpResponse:
    school_class = _class(request, pk)
    content = content_of(school_class, SheetLayout.current(), request.school)
    return xlsx(tables.sheet(content, request.school), f"Сводная ведомость {school_class.name}")


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def sheet_notes(request: HttpRequest, pk: int) -> HttpResponse:
    """Behaviour, decisions and the minutes: for the class teacher and those who keep the journal."""
    school_class = _class(request, pk)
    if not _may_note(request, school_class):
        raise Http404
    content = content_of(school_class, SheetLayout.current(), request.school)
    typed = SheetMinutes.objects.filter(school_class=school_class).first()
    people = [(one["key"], one["name"]) for one in content["pupils"]]
    has_minutes = bool(content["minutes"]) and typed is None
    initial = {"number": typed.number, "date": typed.date} if typed else {}
    for note in school_class.sheet_notes.all():
        initial |= {f"behaviour_{note.pupil_id}": note.behaviour, f"decision_{note.pupil_id}": note.decision}
    data = request.POST if request.method == "POST" else None
    form = NotesForm(data, people=people, school_class=school_class, has_minutes=has_minutes, initial=initial)

    def save(by: Actor) -> None:
        actions.save_notes(school_class, form.notes(), form.minutes(), by=by)

    if is_taken(request, form, save, "Записано."):
        return redirect("journal:sheet_detail", pk)
    context = {"school_class": school_class, "form": form, "content": content, "has_minutes": has_minutes}
    return render(request, "journal/sheet_notes.html", context)


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def sheet_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once more, then the sheet is frozen."""
    school_class = _class(request, pk)
    _managers_only(request)
    content = content_of(school_class, SheetLayout.current(), request.school)
    former = ArchivedSheet.objects.standing().filter(school_class=school_class).first()
    form = ArchiveForm(
        request.POST if request.method == "POST" else None, is_again=former is not None,
        initial={"seen": fingerprint(content)},
    )  # fmt: skip
    made: list[ArchivedSheet] = []

    def archive(by: Actor) -> None:
        values = form.cleaned_data
        made.append(actions.archive_sheet(school_class, seen=values["seen"], reason=values.get("reason", ""), by=by))

    if is_taken(request, form, archive, "Ведомость сдана в архив."):
        return redirect(made[0])
    context = {
        "school_class": school_class,
        "form": form,
        "former": former,
        "title": f"Сдать в архив: {school_class.name}",
        "proposed": proposed_in(school_class),
        "changes": differences(former.content, content) if former else [],
    }
    return render(request, "journal/sheet_archive.html", context)


@requires("gradebooks")
@require_safe
def sheet_archived(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet of the archive, and what the journal says otherwise today; the sheet itself stays as it is."""
    sheet = get_object_or_404(lists.archive_of(request.user).select_related("school_class__year"), pk=pk)
    now = content_of(sheet.school_class, SheetLayout.of_version(sheet.layout_version), request.school)
    context = {
        "sheet": sheet,
        "content": sheet.content,
        "table": drawing.table(sheet.content),
        "is_whole": fingerprint(sheet.content) == sheet.sha256,
        "later": getattr(sheet, "superseded_by", None),
        "changes": differences(sheet.content, now),
        "manages": rights.manages(request.user),
    }
    return render(request, "journal/sheet_archived.html", context)


@requires("gradebooks")
@require_safe
def sheet_registry(request: HttpRequest) -> HttpResponse:
    """What lies in the archive."""
    form = ArchiveFilterForm(request.GET)
    values = form.values()
    rows = lists.registry(request.user, q=values["q"], year=values["year"] or None)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "journal/sheet_registry.html", {"form": form, "filters": values, "page": page})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def sheet_layout(request: HttpRequest) -> HttpResponse:
    """How sheets look from now on."""
    _managers_only(request)
    layout = SheetLayout.current()
    form = LayoutForm(request.POST if request.method == "POST" else None, initial=LayoutForm.initial_of(layout))

    def save(by: Actor) -> None:
        actions.save_layout(form.values(), seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, save, "Новый вид ведомости сохранён. Ведомости в архиве остались прежними."):
        return redirect("journal:sheet_list")
    return render(request, "journal/sheet_layout.html", {"form": form, "layout": layout})


# All of the school


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def sheet_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Starts the long work for all classes of a year."""
    _managers_only(request)
    year = get_object_or_404(AcademicYear, pk=pk)
    form = AllForm(request.POST if request.method == "POST" else None)
    jobs: list[Job] = []

    def start(by: Actor) -> None:
        jobs.append(actions.start_all(year, archives=form.cleaned_data["archives"], by=by))

    if is_taken(request, form, start):
        return redirect(jobs[0])
    context = {"form": form, "year": year, "title": f"Все ведомости за {year} учебный год"}
    return render(request, "journal/sheet_all.html", context)


@requires("gradebooks")
@require_safe
def sheet_all_ready(request: HttpRequest, pk: int) -> HttpResponse:
    job, files = _made(request, pk)
    return render(request, "journal/sheet_all_ready.html", {"job": job, "files": files})


@requires("gradebooks")
@require_safe
def sheet_all_zip(request: HttpRequest, pk: int) -> FileResponse:
    """The files of a finished work as one ZIP, made as it is asked for: nothing is kept twice."""
    job, files = _made(request, pk)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            archive.write(settings.MEDIA_ROOT / file.path, file.name)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{job.title}.zip".replace("/", "-"))


def _made(request: HttpRequest, pk: int) -> tuple[Job, list[StoredFile]]:
    """One's own finished work with its files; drafts that the clean-up took are no more among them."""
    _managers_only(request)
    job = get_object_or_404(
        Job, pk=pk, kind=actions.JOB, created_by=request.user, state=Job.State.DONE
    )  # fmt: skip
    found = StoredFile.objects.filter(kind__in=[actions.SHEET_FILE, actions.DRAFT_FILE]).in_bulk(job.params["files"])
    files = {str(key): file for key, file in found.items()}
    return job, [files[key] for key in job.params["files"] if key in files and files[key].is_ready]


def pdf_file(content: bytes, name: str) -> HttpResponse:
    """A PDF as a download, under a Russian name."""
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.pdf")}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _class(request: HttpRequest, pk: int) -> SchoolClass:
    return get_object_or_404(rights.classes_seen(request.user).select_related("year"), pk=pk)


def _may_note(request: HttpRequest, school_class: SchoolClass) -> bool:
    return rights.manages(request.user) or rights.leads(request.user, school_class)


def _managers_only(request: HttpRequest) -> None:
    if not rights.manages(request.user):
        raise Http404
