"""A course read before it is published, page by page, with remarks and answers (1.6)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from eios.lib.access import requires
from resources.actions.courses import comments as actions
from resources.courses import life
from resources.courses.links import links_of
from resources.courses.players import with_players
from resources.courses.rendering import render
from resources.courses.tree import places
from resources.forms.courses.life import AnswerForm, RemarkForm
from resources.models import Course, CoursePart
from resources.views.courses.shared import FORM_METHODS, asked, at_desk, desk_page

TAB = "desk_course_pages"


@requires("course-desk")
@require_safe
def desk_course_pages(request: HttpRequest, pk: int) -> HttpResponse:
    """Contents as they are being written; pages that differ from what is read are marked."""
    course = at_desk(request, pk)
    remarks = life.comments_of(course).filter(settled_at__isnull=True).values_list("part", flat=True)
    context = {
        "places": places(course), "changed": life.changed_parts(course), "remarked": set(remarks),
    }  # fmt: skip
    return desk_page(request, course, TAB, "resources/course_pages.html", context)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
@with_players
def desk_course_read(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """A page as readers will see it, with its remarks; a post adds one."""
    course = at_desk(request, pk)
    page = _page(course, part)
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not course.rights.comment:
            raise PermissionDenied
        if form.is_valid():
            actions.comment(page, text=form.cleaned_data["text"], by=Actor.of(request))
            messages.success(request, "Замечание записано, авторам сообщено.")
            return redirect("resources:desk_course_read", pk, part)
    order = [place.part for place in places(course) if place.part.is_page]
    here = next(number for number, one in enumerate(order) if one.pk == page.pk)
    context = {
        "page": page, "form": form, "drawn": render(page.text, links_of(course, _address(course))),
        "remarks": life.comments_of(course).filter(part=page),
        "before": order[here - 1] if here else None, "after": order[here + 1] if here + 1 < len(order) else None,
        "number": here + 1, "total": len(order),
    }  # fmt: skip
    return desk_page(request, course, TAB, "resources/course_read.html", context)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_settle(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """Closes a remark with an answer, or without."""
    course = at_desk(request, pk)
    found = get_object_or_404(life.comments_of(course), pk=remark)
    if not course.rights.comment:
        raise PermissionDenied
    form = AnswerForm(request.POST if request.method == "POST" else None)
    page = life.review_page(course.pk, found.part_id)
    return asked(
        request, course, form, lambda by: actions.settle(found, answer=form.cleaned_data["answer"], by=by), tab=TAB,
        title="Закрыть замечание", question=f"«{found.text}»", button="Закрыть", done="Замечание закрыто.",
        after=lambda made: page, back_url=page,
    )  # fmt: skip


def _page(course: Course, part: int) -> CoursePart:
    return get_object_or_404(course.parts.standing().filter(kind=CoursePart.Kind.PAGE), pk=part)


def _address(course: Course):
    return lambda page: life.review_page(course.pk, page.pk)
