"""The authors' desk: the courses one writes and reviews."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eios.lib.access import requires
from resources.asker import asker_of
from resources.courses import rights

PAGE = 50


@requires("course-desk")
@require_safe
def course_desk(request: HttpRequest) -> HttpResponse:
    """Own courses, those written with others, those to review; everybody's for those who run the section."""
    asker = asker_of(request)
    if not rights.may_begin(asker):
        raise PermissionDenied
    rows = rights.at_desk_of(asker).for_lists().order_by("-changed_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "resources/course_desk.html", {"page": page})
