"""The technological passport (5.8-5.10): by date, against the required values; signed by the system administrator."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.posting import is_done, is_taken
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import CONTRIBUTE, requires
from eios.lib.dates import today
from resources import sections, technology, technology_xlsx
from resources.actions import technology as actions
from resources.asker import asker_of
from resources.forms.technology import SheetForm
from resources.models import TechnologySheet

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("technology")
@require_safe
def technology_list(request: HttpRequest) -> HttpResponse:
    """The passport in force against what is required, charts, and all passports by date."""
    rows = technology.rows()
    context = {
        "rows": rows,
        "current": technology.current(rows),
        "series": technology.series(rows),
        "may_write": _may_write(request),
    }
    return render(request, "resources/technology_list.html", context)


@requires("technology")
@require_safe
def technology_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One passport, as it is printed."""
    sheet = _sheet(pk)
    is_open = not sheet.is_signed
    context = {
        "sheet": sheet,
        "figures": technology.figures(sheet),
        "verdict": technology.verdict(sheet),
        "is_met": not technology.unmet(sheet),
        "can_change": is_open and _may_write(request),
        "can_sign": is_open and bool(technology.signs_as(request.user)),
    }
    return render(request, "resources/technology_detail.html", context)


@requires("technology", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def technology_add(request: HttpRequest) -> HttpResponse:
    """A new passport; figures of the last one stand there already, to be corrected."""
    last = TechnologySheet.objects.first()
    form = SheetForm(request.POST if request.method == "POST" else None, initial=_figures_of(last))
    done = "Паспорт составлен. Проверьте показатели и подпишите."
    if is_taken(request, form, lambda by: actions.add_sheet(form.instance, by=by), done):
        return redirect("resources:technology_detail", form.instance.pk)
    return render(request, "resources/technology_add.html", {"form": form, "last": last})


@requires("technology", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def technology_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a passport while it is not signed."""
    sheet = _sheet(pk)
    if sheet.is_signed:
        messages.warning(request, "Паспорт подписан и больше не меняется: составьте новый на другой день.")
        return redirect("resources:technology_detail", pk)
    form = SheetForm(request.POST if request.method == "POST" else None, instance=_sheet(pk))
    if is_taken(request, form, lambda by: actions.change_sheet(form.instance, by=by), "Сохранено."):
        return redirect("resources:technology_detail", pk)
    return render(request, "resources/technology_change.html", {"form": form, "sheet": sheet})


@requires("technology")
@require_http_methods(FORM_METHODS)
def technology_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The signature of the system administrator, or of who acts for him (second 5.8)."""
    sheet = _sheet(pk)
    signs_as = technology.signs_as(request.user)
    if not signs_as:
        raise PermissionDenied
    if request.method == "POST":
        return _sign(request, sheet)
    context = {
        "sheet": sheet,
        "title": "Подписать паспорт",
        "question": f"{sheet}: {technology.verdict(sheet)}.",
        "effects": [
            f"Вы подтверждаете показатели в должности: {signs_as}.",
            "После подписи паспорт не меняется; новые показатели вносят новым паспортом на другой день.",
        ],
        "button": "Подписать",
        "back_url": reverse("resources:technology_detail", args=[pk]),
    }
    return render(request, "resources/technology_sign.html", context)


@requires("technology")
@require_safe
def technology_export(request: HttpRequest) -> HttpResponse:
    """All passports as XLSX."""
    content = technology_xlsx.passports(technology.rows(), request.school)
    return xlsx(content, f"Технологический паспорт {russian.short_date(today())}")


def _sheet(pk: int) -> TechnologySheet:
    return get_object_or_404(TechnologySheet.objects.select_related("made_by", "signed_by"), pk=pk)


def _may_write(request: HttpRequest) -> bool:
    return sections.may_contribute(asker_of(request), "technology")


def _figures_of(last: TechnologySheet | None) -> dict:
    """What seldom changes; whether the channel is enough is to be thought of anew."""
    names = ("computers", "in_network", "with_internet", "reaching_libraries", "channel", "wifi", "servers")
    return {name: getattr(last, name) for name in names} if last else {}


def _sign(request: HttpRequest, sheet: TechnologySheet) -> HttpResponse:
    is_done(request, lambda by: actions.sign_sheet(sheet, by=by), "Паспорт подписан.")
    return redirect("resources:technology_detail", sheet.pk)
