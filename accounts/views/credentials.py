"""Credentials of the school: who has which state, printing slips for many and for one (9.2, 9.4-9.7)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts import credentials, exports
from accounts.actions import issuing
from accounts.actor import Actor
from accounts.credentials import Filters, Row
from accounts.forms.credentials import ChosenForm, PeopleFilterForm, PrintForm, ReprintForm
from accounts.one_time import code_groups, password_groups
from eios.lib import qr
from eios.lib.access import requires
from eios.lib.dates import today

PAGE_SIZE = 50


@requires("credentials")
@require_safe
def credentials_list(request: HttpRequest) -> HttpResponse:
    """People whose credentials one issues, with the state of each slip; ticked ones go to printing."""
    form, filters = _filters(request)
    page = Paginator(credentials.listed(request.user, filters, today()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "classes": _class_pills(request, form, filters),
        "page": page,
        "rows": credentials.rows(page.object_list, today()),
        "can_authorise": credentials.issues_to_staff(request.user),
    }
    return render(request, "accounts/credentials_list.html", context)


def _filters(request: HttpRequest) -> tuple[PeopleFilterForm, Filters]:
    kinds = credentials.kinds_of(request.user, request.school)
    form = PeopleFilterForm(request.GET, kinds=kinds, classes=credentials.open_classes(today()))
    return form, form.filters()


def _class_pills(request: HttpRequest, form: PeopleFilterForm, filters: Filters) -> list[dict]:
    """Each class with the address that adds it to those chosen, or takes it away."""
    if filters.who == credentials.STAFF:
        return []
    pills = []
    for key, name in form.fields["school_class"].choices:
        chosen = {str(one) for one in filters.classes} ^ {key}
        query = request.GET.copy()
        query.pop("page", None)
        query.setlist("school_class", sorted(chosen, key=int))
        pills.append({"name": name, "url": f"?{query.urlencode()}", "current": int(key) in filters.classes})
    return pills


@requires("credentials")
@require_safe
def credentials_export(request: HttpRequest) -> HttpResponse:
    """The list as XLSX, all of it: who has not signed in yet, among others."""
    _, filters = _filters(request)
    rows = credentials.rows(credentials.listed(request.user, filters, today()), today())
    content = exports.credentials_list(sorted(rows, key=lambda row: row.order), request.school)
    name = content_disposition_header(True, f"Учётные данные {today():%d.%m.%Y}.xlsx")
    return HttpResponse(content, content_type=exports.MEDIA_TYPE, headers={"Content-Disposition": name})


# Printing


@requires("credentials")
@require_http_methods(["GET", "HEAD", "POST"])
def credentials_issue(request: HttpRequest) -> HttpResponse:
    """The names and the effects; then the slips themselves, on the page that answers (shown once)."""
    if request.method == "POST":
        return _print(request)
    rows, foreign = _chosen(request)
    if not rows and not foreign:
        messages.warning(request, "Отметьте в списке тех, кому нужны листки.")
        return redirect("accounts:credentials_list")
    ready = [row for row in rows if row.may_print]
    form = PrintForm(initial={"person": [row.person.pk for row in ready], "seen": issuing.newest_slip()})
    context = {
        "form": form,
        "ready": ready,
        "left_out": [row for row in rows if not row.may_print],
        "foreign": foreign,
        "portion": issuing.PORTION,
        "voids": any(row.slip for row in ready),
    }
    return render(request, "accounts/credentials_issue.html", context)


def _chosen(request: HttpRequest) -> tuple[list[Row], int]:
    """Those ticked, or all that the filters find, as slips lie in the sheaf; how many ticked are not the issuer's."""
    form = ChosenForm(request.GET)
    keys = form.cleaned_data["person"] if form.is_valid() else []
    is_all = form.cleaned_data.get("all")
    if is_all:
        people = credentials.listed(request.user, _filters(request)[1], today())
    else:
        people = credentials.people_of(request.user, today()).filter(pk__in=keys)
    rows = sorted(credentials.rows(people, today()), key=lambda row: row.order)
    return rows, 0 if is_all else len(keys) - len(rows)


def _print(request: HttpRequest) -> HttpResponse:
    form = PrintForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Список людей не прочитан: отметьте их заново.")
        return redirect("accounts:credentials_list")
    keys, seen = form.cleaned_data["person"], form.cleaned_data["seen"]
    people = credentials.people_of(request.user, today()).filter(pk__in=keys[: issuing.PORTION])
    try:
        printed = issuing.print_slips(credentials.rows(people, today()), seen=seen, by=Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
        return redirect("accounts:credentials_list")
    rest = keys[issuing.PORTION :]
    passed_over = len(keys) - len(rest) - len(printed)
    return _slips_page(request, printed, rest=rest, seen=seen, passed_over=passed_over)


def _slips_page(request: HttpRequest, printed: list, *, rest=(), seen: int = 0, passed_over: int = 0) -> HttpResponse:
    """Passwords are in this answer and nowhere else; it is stored by no browser (eios/middleware.py)."""
    address = request.build_absolute_uri(reverse("account_login"))
    context = {
        "slips": [_slip(one) for one in printed],
        "batch": printed[0].slip.batch,
        "address": address,
        "shown_address": address.split("://", 1)[1],
        "stop_address": request.build_absolute_uri(reverse("accounts:stop_by_code")).split("://", 1)[1],
        "qr": qr.picture(address),
        "next_form": PrintForm(initial={"person": list(rest), "seen": seen}) if rest else None,
        "rest": len(rest),
        "portion": min(len(rest), issuing.PORTION),
        "passed_over": passed_over,
    }
    return render(request, "accounts/credentials_slips.html", context)


def _slip(one: issuing.Printed) -> dict:
    return {
        "person": one.row.person,
        "who": one.row.who,
        "password": password_groups(one.password),
        "stop_code": code_groups(one.stop_code),
        "last_day": one.slip.last_day,
    }


# One person


@requires("credentials")
@require_safe
def credentials_person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's slips and links with their way, and what can be done."""
    row = _row(request, pk)
    slips = row.person.slips.select_related("issued_by", "handed_to", "given_by", "batch")
    context = {
        "row": row,
        "slips": slips,
        "links": credentials.links_of(row.person),
        "can_act": row.state is not credentials.State.BLOCKED and row.person.pk != request.user.pk,
    }
    return render(request, "accounts/credentials_person.html", context)


def _row(request: HttpRequest, pk: int) -> Row:
    """The person, if one of the issuer's; else not found."""
    person = get_object_or_404(credentials.people_of(request.user, today()), pk=pk)
    return credentials.rows(credentials.people_of(request.user, today()).filter(pk=person.pk), today())[0]


@requires("credentials")
@require_http_methods(["GET", "HEAD", "POST"])
def credentials_reprint(request: HttpRequest, pk: int) -> HttpResponse:
    """A new slip for one person, with the reason; the answer is the slip itself."""
    row = _row(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ReprintForm(data, initial={"seen": issuing.newest_slip()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            printed = issuing.reprint_slip(row, seen=values["seen"], by=Actor.of(request), basis=values["reason"])
        except ValidationError as refusal:
            messages.warning(request, refusal.messages[0])
            return redirect("accounts:credentials_person", pk)
        return _slips_page(request, printed)
    return render(request, "accounts/credentials_reprint.html", {"row": row, "form": form})
