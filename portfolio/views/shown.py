"""What was shown: to a person who is signed in, and to whoever has a secret link (1.3 d).

A dead link answers as one that never was: the same page whether it was withdrawn, has run out, lost its consent or its
pupil. It is kept by no browser and found by no search engine.
"""

import uuid
from collections.abc import Callable
from functools import wraps

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.limits import NetworkLimit, TooOften
from accounts.models import User
from accounts.views.files import sent
from accounts.visitor import visitor_of
from eios.lib.access import public, requires
from eios.lib.dates import today
from eios.lib.network import client_address
from portfolio import sharing, showcase
from portfolio.actions.shares import count_view
from portfolio.models import Share

PAGE = 30
# Guesses at secret links; a class opens one of them in one lesson, behind one address.
OPENED = NetworkLimit("portfolio-link", most=60, most_in_school=600)
GUESSED = NetworkLimit("portfolio-link-file", most=60, most_in_school=600)
ROBOTS = "noindex, nofollow, noarchive"


@requires("portfolio")
@require_safe
def shown_list(request: HttpRequest) -> HttpResponse:
    """Shown to the person who asks."""
    rows = sharing.listed(sharing.shown_to(request.user, today()))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "portfolio/shown_list.html", {"page": page})


@requires("portfolio")
@require_safe
def shown_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A selection that was shown to the person or to the class."""
    share = get_object_or_404(sharing.shown_to(request.user, today()).select_related("pupil"), pk=pk)
    _count(request, share, request.user)
    return render(request, "portfolio/shown_detail.html", _selection(share))


def _selection(share: Share) -> dict:
    content = sharing.content(share)
    return {
        "share": share,
        "pupil": share.pupil,
        "school_class": share.pupil.school_class_now,
        "content": content,
        "chart": showcase.chart_of(content),
        "years": showcase.years_of(content),
    }


def _count(request: HttpRequest, share: Share, viewer: User | None) -> None:
    if request.method == "GET":
        count_view(share, viewer=viewer)


# Secret links


def unlisted(view: Callable) -> Callable:
    """Told to machines beside the page too, whatever the answer is."""

    @wraps(view)
    def answer(*args, **kwargs) -> HttpResponseBase:
        response = view(*args, **kwargs)
        response["X-Robots-Tag"] = ROBOTS
        return response

    return answer


@public
@unlisted
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The selection of a secret link, for whoever has it."""
    try:
        OPENED.count(client_address(request), request.school.local_networks)
    except TooOften as refusal:
        return render(request, "portfolio/show_dead.html", {"wait": refusal.text}, status=429)
    share = sharing.by_code(code, today())
    if share is None:
        return _dead(request)
    _count(request, share, visitor_of(request))
    return render(request, "portfolio/show.html", _selection(share) | {"code": code})


@public
@unlisted
@require_safe
def show_file(request: HttpRequest, code: str, key: uuid.UUID) -> HttpResponseBase:
    """A file of the selection; any other file of the portal is not there."""
    share = sharing.by_code(code, today())
    found = sharing.file_of(share, key) if share else None
    if found is not None:
        return sent(request, found)
    try:
        GUESSED.count(client_address(request), request.school.local_networks)
    except TooOften as refusal:
        return render(request, "portfolio/show_dead.html", {"wait": refusal.text}, status=429)
    return _dead(request)


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "portfolio/show_dead.html", status=404)
