"""Addresses that come from outside: where a person wanted to go."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, target: str, fallback: str = "/") -> str:
    """The target if it is a path of this portal, else the fallback: nobody is led away by a link (open redirect)."""
    here = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target.startswith("/") and here else fallback
