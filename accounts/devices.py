"""Known devices: a signed cookie says who has signed in here before, so that guesses from elsewhere don't concern them.

It opens nothing by itself; it only gives failures on this device a bucket of their own (`accounts/throttling.py`).
A class computer knows the last people who used it.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.throttling import normal_login
from eios.lib.crypto import keyed_digest

COOKIE = "__Host-device" if settings.HTTPS else "device"
SALT = "accounts.devices"
AGE = 400 * 24 * 60 * 60  # seconds; browsers keep no cookie longer
PEOPLE = 20


def device_of(request: HttpRequest, login: str) -> str | None:
    """The random name under which this device is known for the login; None for a device without it."""
    return _known(request).get(_mark(login))


def remember(request: HttpRequest, response: HttpResponse, login: str) -> None:
    """This device is known for the login from now on."""
    known = _known(request)
    mark = _mark(login)
    device = known.pop(mark, None) or secrets.token_urlsafe(12)
    newest_first = [[mark, device], *known.items()][:PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps(newest_first, salt=SALT),
        max_age=AGE,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        return dict(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT))
    except signing.BadSignature:
        return {}


def _mark(login: str) -> str:
    """Tells logins apart in the cookie without naming them."""
    return keyed_digest(settings.SECRET_KEY.encode(), SALT, normal_login(login))[:16]
