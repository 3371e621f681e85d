"""The desk of documents: those who fill the section add acts and editions without Django admin (4.4, 13)."""

import datetime
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import Actor
from eios.lib import text
from eios.lib.access import CONTRIBUTE, requires
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused
from resources.actions import documents as actions
from resources.forms.documents import DocumentForm, EditionForm, LoseForceForm, PreviewForm
from resources.models import Document, Edition

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("documents", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def document_add(request: HttpRequest) -> HttpResponse:
    """A new document; its card is seen at once, its text comes by an edition."""
    form = DocumentForm(request.POST or None, request.FILES or None)
    if _is_done(request, form, lambda: _save(request, form), "Документ добавлен."):
        return redirect("resources:document_detail", form.instance.pk)
    return render(request, "resources/document_add.html", {"form": form})


@requires("documents", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def document_change(request: HttpRequest, pk: int) -> HttpResponse:
    """What the document is called and where it was published."""
    document = get_object_or_404(Document.objects.select_related("file"), pk=pk)
    form = DocumentForm(request.POST or None, request.FILES or None, instance=document)
    if _is_done(request, form, lambda: _save(request, form), "Сохранено."):
        return redirect("resources:document_detail", pk)
    # The name as it stands in the database, whatever has been typed.
    known = get_object_or_404(Document, pk=pk)
    return render(request, "resources/document_change.html", {"form": form, "document": known})


@requires("documents", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def edition_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new edition: of the former's text there is a copy to be changed."""
    document = get_object_or_404(Document, pk=pk)
    latest = document.editions.first()
    form = EditionForm(
        request.POST or None, request.FILES or None, instance=Edition(document=document),
        initial=_of_former(latest) if latest else None,
    )  # fmt: skip

    def publish():
        values = {name: form.cleaned_data[name] for name in (*EditionForm.Meta.fields, "file")}
        return actions.publish_edition(document, **values, by=Actor.of(request))

    if _is_done(request, form, publish, "Редакция записана: в свой день она вступит в силу сама."):
        return redirect("resources:document_detail", pk)
    return render(request, "resources/edition_add.html", {"form": form, "document": document, "latest": latest})


@requires("documents", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def edition_change(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Corrects an edition that nobody has read yet."""
    document = get_object_or_404(Document, pk=pk)
    edition = get_object_or_404(document.editions.select_related("file", "document"), number=number)
    if edition.acquaintances.exists():
        messages.warning(request, "С этой редакцией уже ознакомились: изменить её нельзя, опубликуйте новую.")
        return redirect("resources:document_detail", pk)
    form = EditionForm(request.POST or None, request.FILES or None, instance=edition)

    def correct():
        values = {name: form.cleaned_data[name] for name in ("file", "seen")}
        return actions.correct_edition(form.instance, **values, by=Actor.of(request))

    if _is_done(request, form, correct, "Редакция исправлена."):
        return redirect("resources:document_edition", pk, number)
    return render(request, "resources/edition_change.html", {"form": form, "document": document, "number": number})


@requires("documents", to=CONTRIBUTE)
@require_POST
def edition_preview(request: HttpRequest) -> HttpResponse:
    """How the typed text will look; nothing is kept."""
    form = PreviewForm(request.POST)
    form.is_valid()
    html = text.html_of(form.cleaned_data.get("text", ""))
    return render(request, "resources/edition_preview.html", {"html": html, "form": form})


@requires("documents", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def document_lose_force(request: HttpRequest, pk: int) -> HttpResponse:
    """From which day the document is in force no more, and what replaced it."""
    document = get_object_or_404(Document, pk=pk)
    now = {"on": document.lost_force_on or today(), "replaced_by": document.replaced_by_id}
    form = LoseForceForm(request.POST or None, initial=now, document=document)

    def lose():
        return actions.lose_force(document, **form.cleaned_data, by=Actor.of(request))

    if _is_done(request, form, lose, "Записано."):
        return redirect("resources:document_detail", pk)
    return render(request, "resources/document_lose_force.html", {"form": form, "document": document})


@requires("documents", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def document_restore_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a mark that was made by mistake."""
    document = get_object_or_404(Document, pk=pk, lost_force_on__isnull=False)
    if request.method == "POST":
        actions.restore_force(document, by=Actor.of(request))
        messages.success(request, "Отметка снята: документ снова действует.")
        return redirect("resources:document_detail", pk)
    context = {
        "document": document,
        "title": "Документ не утратил силу",
        "question": f"Отметка у документа «{document}» поставлена по ошибке?",
        "effects": ["Документ снова действует, и его снова просят прочитать тех, кто обязан."],
        "button": "Снять отметку",
        "back_url": reverse("resources:document_detail", args=[pk]),
    }
    return render(request, "resources/document_confirm.html", context)


def _of_former(latest: Edition) -> dict:
    """What a new edition begins with: the words of the former, and the first day that is free."""
    day = max(today(), latest.in_force_from + datetime.timedelta(days=1))
    return {"text": latest.text, "adopted_by": latest.adopted_by, "in_force_from": day}


def _save(request: HttpRequest, form: DocumentForm) -> Document:
    return actions.save_document(
        form.instance, file=form.cleaned_data["file"], seen=form.cleaned_data["seen"], by=Actor.of(request)
    )


def _is_done(request: HttpRequest, form: forms.BaseForm, act: Callable, done: str) -> bool:
    """Is it a post that the action took? A refusal stands at its field, with all that was typed."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
        return False
    except ValidationError as refusal:
        _tell(form, refusal)
        return False
    messages.success(request, done)
    return True


def _tell(form: forms.BaseForm, refusal: ValidationError) -> None:
    """What the action says of a field that the form has not is said above the form."""
    by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {}
    for name, words in by_field.items():
        form.add_error(name if name in form.fields else None, words)
    if not by_field:
        form.add_error(None, refusal.messages)
