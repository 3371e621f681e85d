"""Pages that are the same for every guest: answered with 304 while nothing has changed, drawn once by each worker."""

import functools
import hashlib
import re
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response

from eios.lib.dates import today
from eios.lib.display import COOKIE
from eios.lib.hints import HintList

# What changes public pages by the clock alone, no row being written: name → function(school) → a text that is another
# one afterwards. Asked for every guest's page, so that the answer is kept in memory.
TURNS: HintList[Callable] = HintList("what turns public pages by the clock")
TOKEN_FIELD = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*')

# Pages longer than this are drawn anew: the memory is everybody's.
MOST_KEPT = 256 * 1024


def shared_page(view: Callable) -> Callable:
    """Gives a guest's page an ETag made of all that it depends on; one query (the school's card) decides on 304."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not _is_guest(request):
            return view(request, *args, **kwargs)
        request.is_shared_page = True
        etag = _etag(request)
        response = get_conditional_response(request, etag=etag) or _kept(etag)
        if response is None:
            response = _keep(etag, view(request, *args, **kwargs))
        if response.status_code in (200, 304):
            response["ETag"] = etag
        return response

    return wrapper


def shared_form(view: Callable) -> Callable:
    """A guest's empty form, the same for everybody but for the token against forgery, of which everyone has an own."""

    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method != "GET" or request.GET or not _is_guest(request):
            return view(request, *args, **kwargs)
        key = _etag(request)
        response = _kept(key)
        if response is None:
            return _keep(key, view(request, *args, **kwargs))
        response.content = TOKEN_FIELD.sub(rb"\g<1>" + get_token(request).encode(), response.content)
        return response

    return wrapper


def _is_guest(request: HttpRequest) -> bool:
    return not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()


def _etag(request: HttpRequest) -> str:
    turns = (turn(request.school) for _, turn in TURNS.items())
    # The whole address: pages name themselves by it (canonical, Open Graph, feeds).
    parts = (
        settings.RELEASE, request.build_absolute_uri(), request.COOKIES.get(COOKIE, ""),
        str(request.school.public_version), str(today()), str(request.school.pk), *turns,
    )  # fmt: skip
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'


def _kept(key: str) -> HttpResponse | None:
    found = caches["memory"].get(key)
    return None if found is None else HttpResponse(found[0], content_type=found[1])


def _keep(key: str, response: HttpResponse) -> HttpResponse:
    """Remembers a page for other guests, without this guest's token."""

    def remember(drawn: HttpResponse) -> None:
        if len(drawn.content) > MOST_KEPT:
            return
        caches["memory"].set(key, (TOKEN_FIELD.sub(rb"\g<1>", drawn.content), drawn["Content-Type"]))

    if response.status_code != 200:
        return response
    if hasattr(response, "add_post_render_callback"):
        response.add_post_render_callback(remember)
    else:
        remember(response)
    return response
