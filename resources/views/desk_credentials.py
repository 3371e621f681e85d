"""Logins and passwords of one element at its administrator's desk: list, file, issuing, slips (5.4, 10.5)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import credentials as school_credentials
from accounts.actor import Actor
from accounts.exports import MEDIA_TYPE
from accounts.models import User
from accounts.one_time import password_groups
from accounts.places import places_on, words_of
from accounts.reauthentication import ask_again
from eios.lib.access import requires
from eios.lib.crypto import CannotOpen
from eios.lib.dates import today
from resources import credentials, desk, exports
from resources.actions import issuing
from resources.credentials import Filters, Row
from resources.forms.credentials import ChosenForm, DeskFilterForm, IssueForm, PersonChoiceForm
from resources.models import Element, ExternalCredential
from resources.views.logins import sealed_page

PAGE_SIZE = 50
MOST_FOUND = 20
LONG = 40  # signs that would not fit on a slip in its usual size


@requires("desk")
@require_safe
def desk_credentials(request: HttpRequest, slug: str) -> HttpResponse:
    """Who holds what at the element and since when; never a password."""
    element = desk.element_of(request, slug)
    form, filters = _filters(request)
    found = credentials.with_places(credentials.of_element(element, filters, today()), today())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_credentials"),
        "form": form,
        "filters": filters,
        "page": page,
        "rows": [Row(one, today()) for one in page.object_list],
        "is_ticked": "ticked" in request.GET,
    }
    return render(request, "resources/desk_credentials.html", context)


def _filters(request: HttpRequest) -> tuple[DeskFilterForm, Filters]:
    form = DeskFilterForm(request.GET, classes=school_credentials.open_classes(today()))
    return form, form.filters()


@requires("desk")
@require_safe
def desk_credentials_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The list as XLSX, as filtered, without passwords; the audit trail knows of it."""
    element = desk.element_of(request, slug)
    found = credentials.with_places(credentials.of_element(element, _filters(request)[1], today()), today())
    rows = [Row(one, today()) for one in found]
    issuing.record_export(element, len(rows), by=Actor.of(request))
    name = content_disposition_header(True, f"Учётные данные {element.slug} {today():%d.%m.%Y}.xlsx")
    content = exports.credentials_list(element, rows, request.school)
    return HttpResponse(content, content_type=MEDIA_TYPE, headers={"Content-Disposition": name})


@requires("desk")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_credentials_issue(request: HttpRequest, slug: str) -> HttpResponse:
    """A login to a person who made no request: first who, then what; a password made here is shown once."""
    element = desk.element_of(request, slug)
    ask_again(request)
    choice = PersonChoiceForm(request.GET)
    key = choice.values()["person"]
    if not key:
        return _choose_person(request, element, choice)
    person = get_object_or_404(_without(element), pk=key)
    form = IssueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            issued = issuing.issue_to(element, person, **form.values(), by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return shown_page(request, element, issued)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_credentials"),
        "form": form,
        "person": person,
        "who": words_of(person),
    }
    return render(request, "resources/desk_credentials_issue.html", context)


def _without(element: Element) -> QuerySet[User]:
    return credentials.people_without(element, today()).prefetch_related(*places_on(today()))


def _choose_person(request: HttpRequest, element: Element, form: PersonChoiceForm) -> HttpResponse:
    query = form.values()["q"]
    found = list(_without(element).matching(query)[: MOST_FOUND + 1]) if query else []
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_credentials"),
        "form": form,
        "query": query,
        "people": [(person, words_of(person)) for person in found[:MOST_FOUND]],
        "has_more": len(found) > MOST_FOUND,
    }
    return render(request, "resources/desk_credentials_person.html", context)


def shown_page(request: HttpRequest, element: Element, issued: issuing.Issued) -> HttpResponse:
    """A password that the portal made up, shown once to be typed in at the platform; a typed one is known already."""
    credential = issued.credential
    if credential.source != ExternalCredential.Source.GENERATED:
        messages.success(request, f"Выдано: {credential.person}. Владелец увидит пароль в своём кабинете.")
        return redirect("resources:desk_credential", element.slug, credential.pk)
    context = {"element": element, "tabs": desk.tabs(element, "desk_credentials"), "issued": issued}
    return render(request, "resources/desk_credential_shown.html", context)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_credentials_slips(request: HttpRequest, slug: str) -> HttpResponse:
    """Names first; then logins and passwords to print and cut, of those only that their owners have not seen yet."""
    element = desk.element_of(request, slug)
    ask_again(request)
    chosen = ChosenForm(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        return _print(request, element, chosen.keys())
    found = credentials.with_places(_ticked(request, element, chosen), today())
    rows = [Row(one, today()) for one in found]
    ready = [row for row in rows if row.is_printable]
    if not rows:
        messages.warning(request, "Отметьте в списке тех, кому нужны листки.")
        return redirect("resources:desk_credentials", slug)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_credentials"),
        "ready": ready,
        "left_out": [row for row in rows if not row.is_printable],
        "form": ChosenForm(initial={"credential": [row.credential.pk for row in ready]}),
        "portion": issuing.PORTION,
    }
    return render(request, "resources/desk_credentials_slips.html", context)


def _ticked(request: HttpRequest, element: Element, chosen: ChosenForm) -> QuerySet[ExternalCredential]:
    if chosen.is_all:
        return credentials.of_element(element, _filters(request)[1], today())
    return credentials.of_element(element, Filters(), today()).filter(pk__in=chosen.keys())


def _print(request: HttpRequest, element: Element, keys: list[int]) -> HttpResponse:
    """Passwords are in this answer and nowhere else; no browser stores it (eios/middleware.py)."""
    mine = credentials.of_element(element, Filters(), today()).filter(pk__in=keys[: issuing.PORTION])
    chosen = list(credentials.with_places(mine, today()))
    try:
        printed = issuing.print_slips(chosen, by=Actor.of(request))
    except CannotOpen as trouble:
        return sealed_page(request, trouble, reverse("resources:desk_credentials", args=[element.slug]))
    if not printed:
        messages.warning(request, "Печатать нечего: эти пароли владельцы уже открыли или они больше не действуют.")
        return redirect("resources:desk_credentials", element.slug)
    rest = keys[issuing.PORTION :]
    who = {one.person_id: words_of(one.person) for one in chosen}
    context = {
        "element": element,
        "slips": [_slip(one, who[one.credential.person_id]) for one in printed],
        "passed_over": len(keys) - len(rest) - len(printed),
        "next_form": ChosenForm(initial={"credential": rest}) if rest else None,
        "rest": len(rest),
        "portion": min(len(rest), issuing.PORTION),
    }
    return render(request, "resources/desk_credentials_printed.html", context)


def _slip(one: issuing.Issued, who: str) -> dict:
    credential = one.credential
    made = credential.source == ExternalCredential.Source.GENERATED
    return {
        "credential": credential,
        "who": who,
        "is_long": max(len(credential.login), len(one.password)) > LONG,
        "password": password_groups(one.password) if made else [one.password],
    }
