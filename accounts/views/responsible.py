"""The public page of those who answer for the environment (4.2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.responsible import areas
from accounts.visitor import visitor_of
from eios.lib.access import requires
from eios.lib.conditional import shared_page
from eios.lib.dates import today


@requires("responsible")
@require_safe
@shared_page
def responsible(request: HttpRequest) -> HttpResponse:
    """Who answers for what, by areas, from appointments in force (4.2); names where the school shows them."""
    with_names = request.school.responsible_are_public or visitor_of(request) is not None
    context = {"areas": areas(today(), with_names=with_names), "with_names": with_names, "date": today()}
    return render(request, "accounts/responsible.html", context)
