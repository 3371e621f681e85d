"""The school's report of consents: how many of each class and of the staff have given which."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts import consents, exports
from accounts.classes import classes_of
from accounts.forms.consents import short
from accounts.models import ConsentKind
from eios.lib.access import requires
from eios.lib.dates import today


@requires("consent-report")
@require_safe
def consent_report(request: HttpRequest) -> HttpResponse:
    """Shares by class and of the staff; each class leads to its own page."""
    names = [short(kind) for kind in ConsentKind]
    classes = consents.by_class(classes_of(request.user, today()), ConsentKind, today())
    staff = consents.staff_share(ConsentKind, today())
    context = {
        "names": names,
        "classes": [(share, list(zip(names, share.given, strict=True))) for share in classes],
        "staff": (staff, list(zip(names, staff.given, strict=True))),
    }
    return render(request, "accounts/consent_report.html", context)


@requires("consent-report")
@require_safe
def consent_report_export(request: HttpRequest) -> HttpResponse:
    """The same as XLSX."""
    date = today()
    shares = consents.by_class(classes_of(request.user, date), ConsentKind, date)
    shares.append(consents.staff_share(ConsentKind, date))
    content = exports.consent_shares("Согласия по классам", shares, request.school)
    name = content_disposition_header(True, f"Согласия {date:%d.%m.%Y}.xlsx")
    return HttpResponse(content, content_type=exports.MEDIA_TYPE, headers={"Content-Disposition": name})
