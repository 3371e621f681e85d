"""A course taken out and brought in (1.6, 12.1): an archive for another portal, pages that open without any."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from eios.lib import citation
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.russian import transliterate
from resources.actions.courses.importing import import_course
from resources.asker import asker_of
from resources.courses import archive, plain_html, rights
from resources.forms.courses.exchange import ImportForm
from resources.models import Course
from resources.views.courses.shared import FORM_METHODS, at_desk, desk_page


@requires("courses")
@require_safe
def course_archive(request: HttpRequest, pk: int) -> FileResponse:
    """What readers see, as an archive that another portal reads."""
    course = _readable(request, pk)
    return _zip(archive.pack(course, *archive.released(course)), course, "course")


@requires("courses")
@require_safe
def course_html(request: HttpRequest, pk: int) -> FileResponse:
    """What readers see, as pages that open from a disk."""
    course = _readable(request, pk)
    return _zip(_plain(request, course, *archive.released(course)), course, "html")


@requires("course-desk")
@require_safe
def desk_course_exchange(request: HttpRequest, pk: int) -> HttpResponse:
    """Taking the course out as it is being written."""
    return desk_page(request, at_desk(request, pk), "desk_course_exchange", "resources/course_exchange.html", {})


@requires("course-desk")
@require_safe
def desk_course_archive(request: HttpRequest, pk: int) -> FileResponse:
    course = at_desk(request, pk)
    return _zip(archive.pack(course, *archive.written(course)), course, "course")


@requires("course-desk")
@require_safe
def desk_course_html(request: HttpRequest, pk: int) -> FileResponse:
    course = at_desk(request, pk)
    return _zip(_plain(request, course, *archive.written(course)), course, "html")


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def course_import(request: HttpRequest) -> HttpResponse:
    """An archive becomes a draft: all of it, or nothing with the reasons."""
    if not rights.may_begin(asker_of(request)):
        raise PermissionDenied
    form = ImportForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            course, remarks = import_course(form.cleaned_data["file"], by=Actor.of(request))
        except archive.BadArchive as refusal:
            form.add_error("file", refusal.reasons)
        except ValidationError as refusal:
            form.add_error("file", refusal.messages)
        else:
            messages.success(request, f"Курс «{course}» загружен черновиком. Проверьте карточку и страницы.")
            for remark in remarks:
                messages.info(request, remark)
            return redirect("resources:desk_course", course.pk)
    return render(request, "resources/course_import.html", {"form": form})


def _readable(request: HttpRequest, pk: int) -> Course:
    return get_object_or_404(rights.readable_by(asker_of(request)).for_lists(), pk=pk)


def _plain(request: HttpRequest, course: Course, pages, media):
    address = request.build_absolute_uri(course.get_absolute_url())
    site = citation.Site(request.school.portal_name, request.school.short_name, address)
    author = citation.Author(course.author.surname, course.author.name, course.author.patronymic)
    line = citation.citation(site, title=course.title, kind="электронный курс", author=author, seen=today())
    source = citation.source(site, today(), made="Выгружено")
    return plain_html.pack(course, pages, media, source=source, citation=line)


def _zip(file, course: Course, what: str) -> FileResponse:
    words = "-".join(filter(None, map(transliterate, course.title.casefold().split())))[:60] or "kurs"
    return FileResponse(file, as_attachment=True, filename=f"{words}-{what}.zip", content_type="application/zip")
