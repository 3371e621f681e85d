"""The door to the portfolio: each is led to the own part of it (1.3 d, 11.1)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from eios.lib.access import requires
from eios.lib.tabs import shown_to
from portfolio.tabs import TABS


@requires("portfolio")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first part that opens to the person; a parent with children at school has the children's list there."""
    shown = shown_to(request.user, request.path, TABS)
    if shown:
        return redirect(shown[0].url)
    return render(request, "portfolio/home.html")
