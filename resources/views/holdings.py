"""Outside e-resources and editions: read by everybody, kept by those entrusted with the library (1.3 a, 1.4)."""

from collections.abc import Callable

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_done, is_taken
from accounts.views.reports import xlsx
from eios.lib import russian
from eios.lib.access import CONTRIBUTE, requires
from eios.lib.conditional import shared_page
from eios.lib.dates import today
from resources import bibliography, holdings, holdings_xlsx, programmes
from resources.actions import holdings as actions
from resources.asker import asker_of
from resources.forms.holdings import EditionFilterForm, EditionForm, ResourceFilterForm, ResourceForm, WithdrawForm
from resources.models import Holding, LibraryEdition, OutsideResource

PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("library")
@require_safe
@shared_page
def library_resource_list(request: HttpRequest) -> HttpResponse:
    """The registry of outside e-resources (1.6, 3.7)."""
    form = ResourceFilterForm(request.GET)
    return _list(request, form, holdings.resources(form.values()), "resources/library_resource_list.html")


@requires("library")
@require_safe
@shared_page
def library_edition_list(request: HttpRequest) -> HttpResponse:
    """Editions of the library, each with its description (10.7)."""
    form = EditionFilterForm(request.GET)
    return _list(request, form, holdings.editions(form.values()), "resources/library_edition_list.html")


def _list(request: HttpRequest, form, rows: QuerySet, template: str) -> HttpResponse:
    context = {
        "form": form,
        "filters": form.values(),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "may_write": holdings.may_write(asker_of(request)),
    }
    return render(request, template, context)


@requires("library")
@require_safe
def library_resource_export(request: HttpRequest) -> HttpResponse:
    """What the list shows under its filters, as XLSX."""
    rows = holdings.resources(ResourceFilterForm(request.GET).values())
    content = holdings_xlsx.resources(rows, request.school)
    return xlsx(content, f"Внешние электронные ресурсы {russian.short_date(today())}")


@requires("library")
@require_safe
@shared_page
def library_resource_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One outside resource: what it is, for whom, where."""
    resource = _resource(pk)
    return render(request, "resources/library_resource_detail.html", _detail(request, resource))


@requires("library")
@require_safe
@shared_page
def library_edition_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One edition: its description, and where it is read."""
    edition = _edition(pk)
    context = _detail(request, edition) | {"description": bibliography.describe(edition, today())}
    return render(request, "resources/library_edition_detail.html", context)


def _detail(request: HttpRequest, holding: Holding) -> dict:
    asker = asker_of(request)
    return {
        "holding": holding,
        "subjects": holding.subjects.all(),
        "place": holdings.place_of(holding, asker),
        "programmes": programmes.using(holding, asker),
        "may_write": holdings.may_write(asker),
    }


@requires("library", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def library_resource_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, ResourceForm, OutsideResource(), "resources/library_resource_add.html")


@requires("library", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def library_resource_change(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, ResourceForm, _resource(pk), "resources/library_resource_change.html")


@requires("library", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def library_edition_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, EditionForm, LibraryEdition(), "resources/library_edition_add.html")


@requires("library", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def library_edition_change(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, EditionForm, _edition(pk), "resources/library_edition_change.html")


def _edit(request: HttpRequest, form_class: type, holding: Holding, template: str) -> HttpResponse:
    """The form of a new row or of one that stands."""
    name, places = str(holding), holdings.places_for(holding, asker_of(request))
    form = form_class(request.POST if request.method == "POST" else None, instance=holding, places=places)

    def save(by: Actor) -> None:
        values = form.cleaned_data
        actions.save_holding(holding, values["subjects"], seen=values["seen"], by=by)

    if is_taken(request, form, save, lambda made: f"«{holding}»: сохранено."):
        return redirect(holding.get_absolute_url())
    return render(request, template, {"form": form, "holding": holding, "name": name})


@requires("library", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def library_resource_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _withdraw(request, _resource(pk))


@requires("library", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def library_edition_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _withdraw(request, _edition(pk))


def _withdraw(request: HttpRequest, holding: Holding) -> HttpResponse:
    """Asks why, then takes it out of use."""
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = f"«{holding}»: выведено из обращения."
        return _act(request, holding, lambda by: actions.withdraw(holding, reason, by=by), done)
    context = {
        "holding": holding,
        "title": "Вывести из обращения",
        "question": f"«{holding}».",
        "effects": [
            "В списках по умолчанию его больше не будет.",
            "Страница останется: по ссылкам из программ её откроют и увидят, почему выведено.",
        ],
        "form": form,
        "button": "Вывести",
        "back_url": holding.get_absolute_url(),
    }
    return render(request, "resources/library_withdraw.html", context)


@requires("library", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def library_resource_restore(request: HttpRequest, pk: int) -> HttpResponse:
    return _restore(request, _resource(pk))


@requires("library", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def library_edition_restore(request: HttpRequest, pk: int) -> HttpResponse:
    return _restore(request, _edition(pk))


def _restore(request: HttpRequest, holding: Holding) -> HttpResponse:
    if request.method == "POST":
        return _act(request, holding, lambda by: actions.restore(holding, by=by), f"«{holding}»: снова действует.")
    context = {
        "holding": holding,
        "title": "Вернуть в обращение",
        "question": f"«{holding}» снова будет в списках.",
        "button": "Вернуть",
        "back_url": holding.get_absolute_url(),
    }
    return render(request, "resources/library_withdraw.html", context)


def _act(request: HttpRequest, holding: Holding, act: Callable, done: str) -> HttpResponse:
    is_done(request, act, done)
    return redirect(holding.get_absolute_url())


def _resource(pk: int) -> OutsideResource:
    return get_object_or_404(OutsideResource, pk=pk)


def _edition(pk: int) -> LibraryEdition:
    return get_object_or_404(LibraryEdition, pk=pk)
