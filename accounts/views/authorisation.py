"""Persons authorised to issue credentials by a document, beside the one appointed by order (9.4)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts import credentials
from accounts.actions import people
from accounts.actor import Actor
from accounts.forms.authorisation import AuthorisationForm
from accounts.forms.orders import ReasonForm
from accounts.models import Position
from eios.lib.access import requires
from eios.lib.dates import today

GET_POST = ["GET", "HEAD", "POST"]


@requires("credentials")
@require_http_methods(GET_POST)
def authorisation_list(request: HttpRequest) -> HttpResponse:
    """Who issues credentials to families today and on what ground; the system administrator authorises others."""
    _require_administrator(request)
    form = AuthorisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _authorise(request, form):
        return redirect("accounts:authorisation_list")
    context = {"form": form, "rows": credentials.officers(today())}
    return render(request, "accounts/authorisation_list.html", context)


def _authorise(request: HttpRequest, form: AuthorisationForm) -> bool:
    position = Position.objects.filter(code=credentials.OFFICER).first()
    if position is None:
        form.add_error(None, "В справочнике нет должности «ответственный за выдачу учётных данных».")
        return False
    data = form.cleaned_data
    try:
        people.appoint(
            person=data["person"], position=position, starts=data["starts"], ends=data["ends"],
            basis=data["document"], by=Actor.of(request),
        )  # fmt: skip
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    messages.success(request, f"Записано: {data['person']} выдаёт учётные данные.")
    return True


@requires("credentials")
@require_http_methods(GET_POST)
def authorisation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the right away from tomorrow; what an order has given, an order takes."""
    _require_administrator(request)
    row = get_object_or_404(credentials.officers(today()).filter(order__isnull=True), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.end_appointment(row, ends=today(), by=Actor.of(request), basis=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, "Полномочия закончатся сегодня.")
            return redirect("accounts:authorisation_list")
    context = {
        "title": "Закончить полномочия",
        "question": f"{row.person}: {row.basis}.",
        "effects": ["Последний день — сегодня. С завтрашнего дня раздел учётных данных закрыт для этого человека."],
        "form": form,
        "button": "Закончить",
        "back_url": reverse("accounts:authorisation_list"),
    }
    return render(request, "ui/confirm.html", context)


def _require_administrator(request: HttpRequest) -> None:
    """Authorising is the system administrator's, who may not be one of those authorised (9.2)."""
    if not credentials.issues_to_staff(request.user):
        raise PermissionDenied
