"""Portfolios taken out: print, PDF, archive; and the public page that says whether an export stands (11, 12.1)."""

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts.limits import NetworkLimit, TooOften
from accounts.models import User
from accounts.views.posting import is_taken
from eios.lib import russian
from eios.lib.access import public, requires
from eios.lib.dates import today
from eios.lib.network import client_address
from journal.sheets import printing
from portfolio import archive, exporting, rights
from portfolio.actions import exports as actions
from portfolio.forms.exports import ExportForm, NumberForm, WithdrawForm
from portfolio.models import Export
from portfolio.plain import Packed
from portfolio.sections import Sections
from portfolio.views.shown import unlisted

log = logging.getLogger(__name__)
FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE = 30
PDF = "portfolio.export_pdf"
VERIFIED = NetworkLimit("portfolio-verify", most=60, most_in_school=300)
CHANGED = "Портфолио с тех пор изменилось. Сделайте новую выгрузку: у неё будет свой номер."
UNREADABLE = "Архив сейчас не собрать: один из файлов не читается. Сообщите администратору портала."


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def export_list(request: HttpRequest) -> HttpResponse:
    """The own exports, and making one."""
    if not request.user.is_pupil:
        raise Http404
    return _list(request, request.user)


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def pupil_export_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for those who read the pupil's portfolio: each takes out what he sees."""
    return _list(request, get_object_or_404(rights.pupils_seen(request.user, today()), pk=pk))


def _list(request: HttpRequest, pupil: User) -> HttpResponse:
    form = ExportForm(request.POST if request.method == "POST" else None)
    made: list[Export] = []

    def make(by) -> None:
        packed = exporting.packed_for(pupil, request.user, today(), form.sections)
        begun = actions.begun(pupil, form.cleaned_data["kind"], packed.sha256, form.sections, by=by)
        made.append(actions.keep(begun, by=by))

    if is_taken(request, form, make, "Выгрузку можно скачать."):
        return redirect("portfolio:export_detail", made[0].pk)
    rows = exporting.exports_seen(request.user, today()).filter(pupil=pupil)
    context = {
        "pupil": pupil,
        "is_own": pupil.pk == request.user.pk,
        "form": form,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "portfolio/export_list.html", context)


@requires("portfolio")
@require_safe
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One export: its number, its files while the portfolio is as it was, and whether it stands."""
    export = _seen(request, pk)
    context = {
        "export": export,
        "number": exporting.number_words(export),
        "verify_url": exporting.verify_url(export),
        "qr": exporting.qr_of(export),
        "sections": Sections.of_row(export.sections).words,
        "is_mine": export.created_by_id == request.user.pk,
        "is_own": export.pupil_id == request.user.pk,
    }
    return render(request, "portfolio/export_detail.html", context)


@requires("portfolio")
@require_safe
def export_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The page to be printed, with the QR code and the source."""
    export, packed = _made(request, pk)
    if packed is None:
        return _changed(request, export)
    label = exporting.label_of(export, request.school)
    context = {"export": export, "values": packed.values, "label": label, "qr": exporting.qr_of(export)}
    return render(request, "portfolio/export_print.html", context)


@requires("portfolio")
@require_safe
def export_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as PDF."""
    export, packed = _made(request, pk)
    if packed is None:
        return _changed(request, export)
    label = exporting.label_of(export, request.school)
    content = printing.apart(PDF, packed.values, label, made_at=timezone.localtime(export.created_at))
    name = content_disposition_header(True, f"{_name(export)}.pdf")
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


@requires("portfolio")
@require_safe
def export_archive(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The ZIP that opens without the portal."""
    export, packed = _made(request, pk)
    if packed is None:
        return _changed(request, export)
    try:
        return zip_response(packed, exporting.label_of(export, request.school), _name(export))
    except OSError:
        log.exception("the archive of the export %s can't be made", export.number)
        messages.error(request, UNREADABLE)
        return redirect("portfolio:export_detail", pk)


def zip_response(packed: Packed, label: archive.Label, name: str) -> FileResponse:
    """An archive as a download. Raises OSError where the bytes of a file can't be read."""
    return FileResponse(
        archive.pack(packed, label), as_attachment=True, filename=f"{name}.zip", content_type="application/zip"
    )


def _name(export: Export) -> str:
    pupil = export.pupil
    return f"Портфолио {pupil.surname} {pupil.name} {russian.short_date(timezone.localdate(export.created_at))}"


def _made(request: HttpRequest, pk: int) -> tuple[Export, Packed | None]:
    """The export of whoever made it, with its contents; without them where the portfolio is not the same any more."""
    export = _seen(request, pk)
    if export.created_by_id != request.user.pk or export.withdrawn_at:
        raise Http404
    sections = Sections.of_row(export.sections)
    packed = exporting.packed_for(export.pupil, request.user, today(), sections)
    return export, packed if packed.sha256 == export.sha256 else None


def _changed(request: HttpRequest, export: Export) -> HttpResponse:
    messages.warning(request, CHANGED)
    return redirect("portfolio:export_detail", export.pk)


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def export_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """By the pupil, the family, the class teacher, the management: the verification page says so at once."""
    export = _seen(request, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def withdraw(by) -> None:
        actions.withdraw(export, form.cleaned_data["reason"], by=by)

    if is_taken(request, form, withdraw, "Выгрузка отозвана: страница проверки об этом скажет."):
        return redirect("portfolio:export_detail", pk)
    context = {"form": form, "export": export, "number": exporting.number_words(export)}
    return render(request, "portfolio/export_withdraw.html", context)


def _seen(request: HttpRequest, pk: int) -> Export:
    return get_object_or_404(exporting.exports_seen(request.user, today()), pk=pk)


# Verification


@public
@unlisted
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """A number from paper is typed here."""
    form = NumberForm(request.GET if "number" in request.GET else None)
    if form.is_bound and form.is_valid():
        return _verified(request, form.cleaned_data["number"])
    return render(request, "portfolio/verify.html", {"form": form})


@public
@unlisted
@require_safe
def verify_detail(request: HttpRequest, number: str) -> HttpResponse:
    """Where the QR code leads: number, date, whether it still stands; nobody's name."""
    return _verified(request, number)


def _verified(request: HttpRequest, typed: str) -> HttpResponse:
    try:
        VERIFIED.count(client_address(request), request.school.local_networks)
    except TooOften as refusal:
        return render(request, "portfolio/verify.html", {"form": NumberForm(), "wait": refusal.text}, status=429)
    export = exporting.by_number(typed)
    if export is None:
        form = NumberForm(initial={"number": typed[:40]})
        return render(request, "portfolio/verify.html", {"form": form, "is_unknown": True}, status=404)
    context = {"export": export, "number": exporting.number_words(export)}
    return render(request, "portfolio/verify_detail.html", context)
