"""Outside players on pages of courses: the frame policy names those that the administrator allows, and no others."""

import functools
from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from resources.models import EmbeddedPlayer

MARK = b"data-player"
# A browser takes the policy of this answer for the page that it kept.
NOT_MODIFIED = 304


def with_players(view: Callable) -> Callable:
    """Lets a page that names a player show it in a frame; outermost, since kept pages lose their headers."""
    return _let(view, lambda response: response.status_code == NOT_MODIFIED or MARK in response.content)


def with_any_players(view: Callable) -> Callable:
    """The same for the editor, whose preview draws players that the page did not name when it was opened."""
    return _let(view, lambda response: True)


def _let(view: Callable, is_needed: Callable[[HttpResponse], bool]) -> Callable:
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if is_needed(response):
            response._csp_update = {"frame-src": origins()}
        return response

    return wrapper


def origins() -> list[str]:
    """«https://rutube.ru» of every allowed player; none: nothing may be framed."""
    prefixes = EmbeddedPlayer.objects.filter(is_active=True).values_list("prefix", flat=True)
    parts = (urlsplit(prefix) for prefix in prefixes)
    return sorted({f"{part.scheme}://{part.netloc}" for part in parts}) or ["'none'"]
