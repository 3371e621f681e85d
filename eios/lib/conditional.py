"""Pages that are the same for every guest: answered with 304 while nothing has changed."""

import functools
import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from eios.lib.display import COOKIE
from eios.lib.dates import today



def shared_page(view: Callable) -> Callable:
    """Gives a guest's page an ETag made of all that it depends on; one query (the school's card) decides on 304."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys():
            return view(request, *args, **kwargs)
        request.is_shared_page = True
        etag = _etag(request)
        response = get_conditional_response(request, etag=etag)
        if response is None:
            response = view(request, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = etag
        return response

    return wrapper


def _etag(request: HttpRequest) -> str:
    parts = (
        settings.RELEASE, request.get_full_path(), request.COOKIES.get(COOKIE, ""),
        str(request.school.public_version), str(today()), str(request.school.pk),
    )  # fmt: skip
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'
