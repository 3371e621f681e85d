"""Courses as they are read (1.4, 3.6, 12.1): the list, contents, pages, search inside, print."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from eios.lib.access import requires
from eios.lib.conditional import shared_page
from resources import programmes
from resources.asker import asker_of
from resources.courses import reading, rights
from resources.courses.opening import opened_by
from resources.courses.players import with_players
from resources.forms.courses.reading import CourseFilterForm
from resources.models import Course

PAGE = 30


@requires("courses")
@require_safe
@shared_page
def course_list(request: HttpRequest) -> HttpResponse:
    """Published courses that open to the visitor."""
    asker = asker_of(request)
    form = CourseFilterForm(request.GET)
    filters = form.values()
    context = {
        "form": form,
        "filters": filters,
        "page": Paginator(reading.listed(asker, filters), PAGE).get_page(request.GET.get("page")),
        "may_begin": rights.may_begin(asker),
        "date": asker.date,
    }
    return render(request, "resources/course_list.html", context)


@requires("courses")
@require_safe
@shared_page
def course_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A course's card: what it is, its parameters (1.6), contents, the own progress."""
    asker = asker_of(request)
    course = _readable(request, pk)
    parts = list(course.release.parts.defer("html", "search"))
    topics = course.topics.filter(programme__in=programmes.visible_to(asker))
    context = {
        "course": course,
        "parts": parts,
        "first": next((part for part in parts if part.is_page), None),
        "progress": reading.progress_of(asker.person, course, parts) if asker.person else None,
        "programmes": course.programmes.filter(pk__in=programmes.visible_to(asker)).for_lists(),
        "topics": topics.select_related("programme").order_by("programme", "position"),
        "is_stale": reading.is_stale(course, asker.date),
        "may_begin": rights.may_begin(asker),
        "is_mine": rights.at_desk_of(asker).filter(pk=pk).exists() if rights.may_begin(asker) else False,
    }
    return render(request, "resources/course_detail.html", context)


@requires("courses")
@require_safe
@with_players
@shared_page
def course_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A page of a course, by its place in the order of reading."""
    opened = opened_by(asker_of(request), pk, number)
    if opened is None:
        raise Http404
    return render(
        request, "resources/course_page.html", {"course": opened.course, "spot": opened.spot, "opened": opened}
    )


@requires("courses")
@require_safe
@shared_page
def course_search(request: HttpRequest, pk: int) -> HttpResponse:
    """Pages of the course with the words."""
    course = _readable(request, pk)
    query = request.GET.get("q", "").strip()[:200]
    context = {"course": course, "query": query, "hits": reading.found_in(course.release, query)}
    return render(request, "resources/course_search.html", context)


@requires("courses")
@require_safe
@with_players
@shared_page
def course_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole course on one page, for paper."""
    course = _readable(request, pk)
    context = {"course": course, "parts": course.release.parts.defer("search")}
    return render(request, "resources/course_print.html", context)


@requires("cabinet")
@require_safe
def course_mine(request: HttpRequest) -> HttpResponse:
    """What the visitor reads: courses begun, bookmarks."""
    asker = asker_of(request)
    context = {"begun": reading.begun_by(asker), "bookmarks": reading.bookmarks_of(asker)[:PAGE]}
    return render(request, "resources/course_mine.html", context)


def _readable(request: HttpRequest, pk: int) -> Course:
    return get_object_or_404(rights.readable_by(asker_of(request)).for_lists(), pk=pk)
