"""Courses as they are read (1.4, 3.6, 12.1): the list, a course's contents, its pages."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from eios.lib.access import requires
from eios.lib.conditional import shared_page
from resources.asker import asker_of
from resources.courses import rights
from resources.models import Course

PAGE = 50


@requires("courses")
@require_safe
@shared_page
def course_list(request: HttpRequest) -> HttpResponse:
    """Published courses that open to the visitor."""
    rows = rights.readable_by(asker_of(request)).for_lists()
    return render(
        request, "resources/course_list.html", {"page": Paginator(rows, PAGE).get_page(request.GET.get("page"))}
    )


@requires("courses")
@require_safe
@shared_page
def course_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A course's card and contents."""
    course = _readable(request, pk)
    parts = course.release.parts.defer("html", "search")
    return render(request, "resources/course_detail.html", {"course": course, "parts": parts})


@requires("courses")
@require_safe
@shared_page
def course_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A page of a course, by its place in the order of reading."""
    course = _readable(request, pk)
    part = get_object_or_404(course.release.parts, number=number, kind="page")
    return render(request, "resources/course_page.html", {"course": course, "part": part})


def _readable(request: HttpRequest, pk: int) -> Course:
    return get_object_or_404(rights.readable_by(asker_of(request)).for_lists(), pk=pk)
