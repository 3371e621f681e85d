"""The authors' desk: files of a course (1.6, 3.6)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from eios.lib.access import requires
from eios.lib.filetypes import FileRefused, size_text
from resources.actions.courses import media as actions
from resources.forms.courses.media import MediaForm, UploadForm
from resources.models import Course, CourseMedia
from resources.views.courses.shared import FORM_METHODS, allowed, asked, at_desk, desk_page

TAB = "desk_course_media"


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_media(request: HttpRequest, pk: int) -> HttpResponse:
    """All files with the words to put them on a page; a post takes more in, each judged by itself."""
    course = allowed(request, pk, "write") if request.method == "POST" else at_desk(request, pk)
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        taken = [_take(request, course, upload, form.cleaned_data["alt"]) for upload in form.cleaned_data["files"]]
        if any(taken):
            return redirect(request.path)
    rows = course.media.select_related("file", "subtitles").prefetch_related("releases")
    context = {"form": form, "rows": rows, "taken": size_text(actions.bytes_of(course))}
    return desk_page(request, course, TAB, "resources/course_media.html", context)


def _take(request: HttpRequest, course: Course, upload: UploadedFile, alt: str) -> bool:
    try:
        media = actions.add_media(course, upload, alt=alt, by=Actor.of(request))
    except FileRefused as refusal:
        messages.warning(request, f"«{upload.name}»: {refusal}")
    except ValidationError as refusal:
        messages.warning(request, f"«{upload.name}»: {' '.join(refusal.messages)}")
    else:
        messages.success(request, f"«{upload.name}» принят под именем {media.name}.")
        return True
    return False


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_media_change(request: HttpRequest, pk: int, media: int) -> HttpResponse:
    """What the file shows; subtitles; another file under its name."""
    course = allowed(request, pk, "write")
    row = _media(course, media)
    form = MediaForm(*((request.POST, request.FILES) if request.method == "POST" else ()), instance=row)
    if request.method == "POST" and form.is_valid() and _is_changed(request, course, media, form):
        return redirect("resources:desk_course_media", pk)
    return desk_page(request, course, TAB, "resources/course_media_change.html", {"form": form, "media": row})


def _is_changed(request: HttpRequest, course: Course, media: int, form: MediaForm) -> bool:
    values, by = form.cleaned_data, Actor.of(request)
    # A form's instance has been changed already; actions begin with what is stored.
    row = _media(course, media)
    try:
        if values["another"]:
            row = actions.replace_media(row, values["another"], by=by)
        if values.get("subtitles_file") or values.get("without_subtitles"):
            actions.set_subtitles(row, values.get("subtitles_file"), by=by)
        actions.describe_media(row, alt=values["alt"], credit=values["credit"], by=by)
    except FileRefused as refusal:
        form.add_error("another", str(refusal))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    else:
        messages.success(request, "Сохранено.")
    return form.is_valid()


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_media_delete(request: HttpRequest, pk: int, media: int) -> HttpResponse:
    course = allowed(request, pk, "write")
    row = _media(course, media)
    return asked(
        request, course, Form(request.POST if request.method == "POST" else None),
        lambda by: actions.delete_media(row, by=by), tab=TAB, danger=True, title="Убрать файл",
        question=f"Файл «{row.name}».", button="Убрать", done="Файл убран.",
    )  # fmt: skip


def _media(course: Course, media: int) -> CourseMedia:
    return get_object_or_404(course.media.select_related("file", "course"), pk=media)
