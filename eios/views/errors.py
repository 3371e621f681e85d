"""Pages of refusal and trouble, in Russian, with the right status."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from eios.lib.access import public

log = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 15


@public
def bad_request(request: HttpRequest, exception=None) -> HttpResponse:
    """Something that can't be read; a form larger than Django reads into memory comes here too."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _plain("400.html", 400)


@public
def forbidden(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "403.html", status=403)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


@public
def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "404.html", status=404)


@public
def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """The page exists, but not for this method; `allowed` names those it answers."""
    response = _plain("405.html", 405)
    response["Allow"] = allowed
    return response


@public
def too_long(request: HttpRequest) -> HttpResponse:
    return _plain("414.html", 414)


@public
def too_large(request: HttpRequest) -> HttpResponse:
    return _plain("413.html", 413)


@public
def too_many(request: HttpRequest, exception=None) -> HttpResponse:
    return _plain("429.html", 429)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """An unforeseen error; a database that does not answer is 503, to be tried again soon."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _plain("500.html", 500)


@public
def unavailable(request: HttpRequest) -> HttpResponse:
    response = _plain("503.html", 503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def closed_door(request: HttpRequest, element, decision) -> HttpResponse:
    """A closed door explains itself: why, and whom to ask (3.3)."""
    return render(request, "403.html", {"element": element, "decision": decision}, status=403)


def _plain(template: str, status: int) -> HttpResponse:
    """Without context: these pages must show when the database or the request itself is broken."""
    return HttpResponse(loader.get_template(template).render(), status=status)
