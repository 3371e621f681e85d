"""Between the server and the views: limits, headers, the school, and the gate."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers
from django.utils.http import urlencode

from accounts.actor import Actor
from accounts.gate import Step, next_step, settles
from accounts.models import SchoolCard
from eios.lib.access import AT_GATE, OPEN, PUBLIC, Stamp, stamp_of
from eios.views import errors
from resources import access, sections
from resources.actions.elements import record_opening
from resources.asker import Asker, asker_of
from resources.models import MANAGEMENT

PROBES = ("/healthz", "/readyz")
LONGEST_ADDRESS = 8000

_CABINET, _GATE, _PUBLIC = Stamp("element", "cabinet"), Stamp(AT_GATE), Stamp(PUBLIC)
# Views of other people's packages can't carry our stamp: this table is their stamp, by URL name.
THIRD_PARTY = {
    "account_login": _PUBLIC,
    "account_logout": _PUBLIC,
    "account_inactive": _PUBLIC,
    "account_reset_password": _PUBLIC,
    "account_reset_password_done": _PUBLIC,
    "account_reset_password_from_key": _PUBLIC,
    "account_reset_password_from_key_done": _PUBLIC,
    "account_change_password": _CABINET,
    "account_reauthenticate": _GATE,
    "mfa_authenticate": _PUBLIC,
    "mfa_reauthenticate": _GATE,
    "mfa_reauthenticate_webauthn": _GATE,
    "mfa_index": _GATE,
    "mfa_activate_totp": _GATE,
    "mfa_deactivate_totp": _GATE,
    "mfa_view_recovery_codes": _GATE,
    "mfa_download_recovery_codes": _GATE,
    "mfa_generate_recovery_codes": _GATE,
    "mfa_list_webauthn": _GATE,
    "mfa_add_webauthn": _GATE,
    "mfa_edit_webauthn": _GATE,
    "mfa_remove_webauthn": _GATE,
}
ADMIN = Stamp("element", "installation", OPEN)
# What a page of Django admin asks for by itself: the page has been recorded.
NOT_PAGES = {"admin:jsi18n", "admin:autocomplete"}


def stamp_for(match, view: Callable) -> Stamp | None:
    """The stamp of a resolved view: its own, or the table's for other people's packages."""
    if match.namespaces[:1] == ["admin"]:
        return ADMIN
    return stamp_of(view) or THIRD_PARTY.get(match.view_name)


class LimitsMiddleware:
    """Refuses what no form of ours sends: an oversized body, an endless address, NUL; gives a wrong method its page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._refusal(request) or self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            return errors.wrong_method(request, response.get("Allow", ""))
        return response

    @staticmethod
    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A key among ticks that no row can have: SQLite refuses to ask for it, PostgreSQL finds nothing."""
        if isinstance(exception, OverflowError) and "SQLite INTEGER" in str(exception):
            return errors.bad_request(request, BadRequest())
        return None

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse | None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            return errors.bad_request(request, BadRequest())
        is_large = settings.LARGE_UPLOADS.fullmatch(request.path)
        most = settings.MAX_COURSE_FILE_BYTES if is_large else settings.MAX_REQUEST_BYTES
        if int(length) > most:
            return errors.too_large(request)
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_ADDRESS:
            return errors.too_long(request)
        # A database may refuse NUL with an error of its own; in a cookie it hides as an octal escape.
        if "%00" in query or any("\x00" in text for text in (query, request.path, *request.COOKIES.values())):
            return errors.bad_request(request, BadRequest())
        return None


class HeadersMiddleware:
    """Pages are not stored by browsers and proxies unless they say so themselves; headers that Django does not send."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "is_shared_page", False):
            patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ["Cookie"])
        elif "Cache-Control" not in response:
            add_never_cache_headers(response)
        return response


class SchoolMiddleware:
    """The school's card for this request, and its time zone: «today» is the school's today."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in PROBES:
            return self.get_response(request)
        request.school = SchoolCard.current()
        with timezone.override(zoneinfo.ZoneInfo(request.school.time_zone)):
            return self.get_response(request)


class GateMiddleware:
    """Closed by default: a view answers only by its stamp, and the one rule decides (access.md, «The gate»)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse | None:
        stamp = stamp_for(request.resolver_match, view)
        if stamp is None:
            raise Http404("a view without a stamp does not answer")
        if stamp.kind == PUBLIC:
            return None
        element = sections.by_slug(request.school, stamp.element) if stamp.kind != AT_GATE else None
        if element and stamp.to == OPEN and access.decide(Asker(None, school=request.school), element).allowed:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return self._at_gate(request, stamp, element)

    def _at_gate(self, request: HttpRequest, stamp: Stamp, element) -> HttpResponse | None:
        step = next_step(request.user)
        if step is Step.CLOSED:
            logout(request)
            return render(request, "accounts/closed.html", status=403)
        if step is not None:
            is_here = stamp.kind == AT_GATE and settles(step, request.resolver_match.view_name)
            return None if is_here else self._to(step, request)
        request.has_passed_gate = True
        if stamp.kind == AT_GATE:
            return None
        decision = access.decide(asker_of(request), element, stamp.to)
        if not decision.allowed:
            return errors.closed_door(request, element, decision)
        if element.closure >= MANAGEMENT and request.resolver_match.view_name not in NOT_PAGES:
            record_opening(element, page=request.path, by=Actor.of(request))
        return None

    @staticmethod
    def _to(step: Step, request: HttpRequest) -> HttpResponse:
        """To the step's page, which remembers where one wanted to go; without that, all steps lead to the cabinet."""
        wanted = request.get_full_path()
        if request.method not in ("GET", "HEAD") or wanted == reverse(settings.LOGIN_REDIRECT_URL):
            return redirect(step.value)
        return redirect(f"{reverse(step.value)}?{urlencode({'next': wanted})}")
