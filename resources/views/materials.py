"""Methodical materials (4.3): published ones in the open library, drafts at the authors' desk."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_done, is_taken
from accounts.visitor import show_menu
from eios.lib.access import requires
from eios.lib.conditional import shared_page
from resources import materials
from resources.actions import materials as actions
from resources.asker import asker_of
from resources.forms.materials import DeskFilterForm, MaterialFilterForm, MaterialForm
from resources.models import MethodicalMaterial

PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("library")
@require_safe
@shared_page
def library_material_list(request: HttpRequest) -> HttpResponse:
    """Published materials, the newest first."""
    show_menu(request)
    form = MaterialFilterForm(request.GET)
    filters = form.values()
    rows = materials.chosen(materials.published(), filters).defer("text")
    context = {"form": form, "filters": filters, "page": Paginator(rows, PAGE).get_page(request.GET.get("page"))}
    return render(request, "resources/library_material_list.html", context)


@requires("library")
@require_safe
@shared_page
def library_material_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A published material; of a draft there is no such page."""
    material = get_object_or_404(materials.published(), pk=pk)
    asker = asker_of(request)
    may_change = asker.person is not None and materials.at_desk_of(asker).filter(pk=pk).exists()
    context = {"material": material, "may_change": may_change}
    return render(request, "resources/library_material_detail.html", context)


@requires("materials")
@require_safe
def material_list(request: HttpRequest) -> HttpResponse:
    """The author's own materials, drafts too; everybody's for those who run the section."""
    asker = asker_of(request)
    form = DeskFilterForm(request.GET)
    filters = form.values()
    rows = materials.chosen(materials.at_desk_of(asker), filters).defer("text").order_by("state", "-changed_at", "-pk")
    context = {
        "form": form,
        "filters": filters,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "runs": materials.runs(asker),
        "may_add": materials.may_add(asker),
    }
    return render(request, "resources/material_list.html", context)


@requires("materials")
@require_safe
def material_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A material at the desk, as everybody will read it."""
    return render(request, "resources/material_detail.html", {"material": _at_desk(request, pk)})


@requires("materials")
@require_http_methods(FORM_METHODS)
def material_add(request: HttpRequest) -> HttpResponse:
    """A new draft; the author's ШМО stands there already."""
    if not materials.may_add(asker_of(request)):
        raise PermissionDenied
    group = materials.method_group_of(request.user)
    form = MaterialForm(*_typed(request), initial={"method_group": group})
    if _is_saved(request, form, "Черновик сохранён. Его видите вы и те, кто ведёт раздел."):
        return redirect("resources:material_detail", form.instance.pk)
    return render(request, "resources/material_add.html", {"form": form})


@requires("materials")
@require_http_methods(FORM_METHODS)
def material_change(request: HttpRequest, pk: int) -> HttpResponse:
    material = _at_desk(request, pk)
    name = str(material)
    form = MaterialForm(*_typed(request), instance=material)
    if _is_saved(request, form, "Сохранено."):
        return redirect("resources:material_detail", pk)
    return render(request, "resources/material_change.html", {"form": form, "material": material, "name": name})


@requires("materials")
@require_http_methods(FORM_METHODS)
def material_publish(request: HttpRequest, pk: int) -> HttpResponse:
    material = _at_desk(request, pk)
    if request.method == "POST":
        return _act(request, material, actions.publish, "Опубликовано: материал открыт всем.")
    effects = [
        "Материал с вашим именем откроется всем, и без входа; контактов на странице нет.",
        "Проверьте, что в тексте и файле нет имён, фотографий и отметок обучающихся.",
        "Вернуть его в черновики можно в любой день.",
    ]
    return _ask(request, material, "Опубликовать материал", effects, "Опубликовать")


@requires("materials")
@require_http_methods(FORM_METHODS)
def material_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    material = _at_desk(request, pk)
    if request.method == "POST":
        return _act(request, material, actions.take_back, "Материал снова черновик.")
    effects = ["Его страница и файл закроются для всех, кроме автора и тех, кто ведёт раздел."]
    return _ask(request, material, "Вернуть в черновики", effects, "Вернуть")


@requires("materials")
@require_http_methods(FORM_METHODS)
def material_delete(request: HttpRequest, pk: int) -> HttpResponse:
    material = _at_desk(request, pk)
    if request.method == "POST":
        return _act(
            request, material, actions.delete_draft, "Черновик удалён.", after=reverse("resources:material_list")
        )
    effects = ["Текст и файл пропадут: восстановить их нельзя."]
    return _ask(request, material, "Удалить черновик", effects, "Удалить", danger=True)


def _at_desk(request: HttpRequest, pk: int) -> MethodicalMaterial:
    return get_object_or_404(materials.at_desk_of(asker_of(request)), pk=pk)


def _typed(request: HttpRequest) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _is_saved(request: HttpRequest, form: MaterialForm, done: str) -> bool:
    def save(by: Actor) -> None:
        values = form.cleaned_data
        actions.save_material(form.instance, values["upload"], seen=values["seen"], by=by)

    return is_taken(request, form, save, done, upload="upload")


def _ask(request: HttpRequest, material: MethodicalMaterial, title: str, effects: list[str], button: str, **more):
    context = {
        "material": material,
        "title": title,
        "question": f"«{material}».",
        "effects": effects,
        "button": button,
        "back_url": reverse("resources:material_detail", args=[material.pk]),
        **more,
    }
    return render(request, "resources/material_ask.html", context)


def _act(request: HttpRequest, material: MethodicalMaterial, act: Callable, done: str, after: str = "") -> HttpResponse:
    page = reverse("resources:material_detail", args=[material.pk])
    is_over = is_done(request, lambda by: act(material, by=by), done)
    return redirect(after if is_over and after else page)
