"""The reader's own progress: time at a page, «прочитано», a bookmark; and its sums for the authors."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from eios.lib.access import requires
from resources.actions.courses import reading as actions
from resources.asker import asker_of
from resources.courses import rights
from resources.courses.use import use_of
from resources.forms.courses.reading import SwitchForm, VisitForm
from resources.models import ReleasedPart
from resources.views.courses.shared import at_desk, desk_page

TAB = "desk_course_use"


@requires("courses")
@require_POST
def course_visit(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a page reports by a script: seconds in sight since the last report, and whether its end was seen."""
    part = _part(request, pk, number)
    form = VisitForm(request.POST)
    if form.is_valid():
        actions.record_visit(request.user, part, seconds=form.cleaned_data["seconds"] or 0)
        if form.cleaned_data["end"]:
            actions.set_read(request.user, part, is_read=True)
    return HttpResponse(status=204)


@requires("courses")
@require_POST
def course_read(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The page is read, or not yet."""
    part = _part(request, pk, number)
    is_read = SwitchForm(request.POST).is_on
    actions.set_read(request.user, part, is_read=is_read)
    following = part.release.parts.filter(kind="page", number__gt=number).order_by("number").first()
    if is_read and following:
        return redirect("resources:course_page", pk, following.number)
    return redirect("resources:course_page", pk, number)


@requires("courses")
@require_POST
def course_mark(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Puts a bookmark, or takes it away."""
    part = _part(request, pk, number)
    actions.set_mark(request.user, part, is_marked=SwitchForm(request.POST).is_on)
    return redirect("resources:course_page", pk, number)


@requires("course-desk")
@require_safe
def desk_course_use(request: HttpRequest, pk: int) -> HttpResponse:
    """How the course is read, in sums."""
    course = at_desk(request, pk)
    context = {"use": use_of(course) if course.release_id else None}
    return desk_page(request, course, TAB, "resources/course_use.html", context)


def _part(request: HttpRequest, pk: int, number: int) -> ReleasedPart:
    """A page that the person who is signed in may read. Raises Http404."""
    asker = asker_of(request)
    if asker.person is None:
        raise Http404
    course = get_object_or_404(rights.readable_by(asker), pk=pk)
    return get_object_or_404(ReleasedPart.objects.select_related("release"), release=course.release_id, number=number,
                             kind="page")  # fmt: skip
