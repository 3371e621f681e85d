"""Documents that the environment lives by: read by all, with a tick of those who are signed in (3.2, 3.3, 13)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import Actor
from eios.lib.access import requires
from eios.lib.addresses import safe_next
from eios.lib.conditional import shared_page
from eios.lib.dates import today
from resources import access, documents, sections
from resources.actions import documents as actions
from resources.asker import asker_of
from resources.forms.documents import AcquaintForm, ReadersFilterForm
from resources.models import Document, Edition

PAGE = 50


@requires("documents")
@require_safe
@shared_page
def document_list(request: HttpRequest) -> HttpResponse:
    """Documents in force, by kind."""
    # Who is signed in has the menu here too.
    asker_of(request)
    return render(request, "resources/document_list.html", {"groups": documents.listed(today())})


@requires("documents")
@require_safe
@shared_page
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The edition in force, former ones, what the document governs; and the tick of having read it (3.2)."""
    document, edition = _in_force(pk)
    asker = asker_of(request)
    read_at = documents.read_at(asker.person, edition)
    wanted = safe_next(request, request.GET.get("next", ""), "")
    asks = asker.person is not None and read_at is None
    context = {
        "document": document,
        "edition": edition,
        "cited_as": documents.cited_as(edition),
        "former": document.editions.in_force(today()).exclude(pk=edition.pk).defer("text"),
        "elements": documents.governed(document, asker),
        "read_at": read_at,
        "back": wanted,
        "form": AcquaintForm(initial={"edition": edition.pk, "next": wanted}) if asks else None,
        "can_see_readers": access.decide(asker, sections.by_slug(request.school, "reports")).allowed,
    }
    return render(request, "resources/document_detail.html", context)


@requires("documents")
@require_safe
@shared_page
def document_edition(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A former edition, for reading; the one in force has the document's own page."""
    document, edition = _in_force(pk)
    asker_of(request)
    if number == edition.number:
        return redirect("resources:document_detail", pk)
    found = get_object_or_404(document.editions.in_force(today()), number=number)
    context = {
        "document": document,
        "edition": found,
        "current": edition,
        "cited_as": documents.cited_as(found),
    }
    return render(request, "resources/document_edition.html", context)


@requires("cabinet")
@require_POST
def document_acquaint(request: HttpRequest, pk: int) -> HttpResponse:
    """«Ознакомлен(а)»: with the edition that stood on the page, and no other."""
    document, _ = _in_force(pk)
    form = AcquaintForm(request.POST)
    form.is_valid()
    page = reverse("resources:document_detail", args=[pk])
    edition = form.cleaned_data.get("edition")
    try:
        if edition is None or edition.document_id != document.pk:
            raise actions.StaleEdition
        actions.acquaint(edition, by=Actor.of(request))
    except actions.StaleEdition as stale:
        messages.warning(request, stale.messages[0])
        return redirect(page)
    messages.success(request, f"Записано: с документом «{document}» вы ознакомлены.")
    return redirect(safe_next(request, form.cleaned_data.get("next", ""), page))


@requires("reports")
@require_safe
def document_readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has read the edition in force, and who has not (3.2)."""
    document, edition = _in_force(pk)
    form = ReadersFilterForm(request.GET)
    filters = form.values()
    people = documents.readers(edition, query=filters["q"], state=filters["state"], date=today())
    context = {
        "document": document,
        "edition": edition,
        "form": form,
        "filters": filters,
        "counts": documents.count_readers(edition, today()),
        "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "resources/document_readers.html", context)


def _in_force(pk: int) -> tuple[Document, Edition]:
    """A document and its edition in force. Raises Http404 where none has begun."""
    document = get_object_or_404(Document, pk=pk)
    edition = document.edition_on(today())
    if edition is None:
        raise Http404
    return document, edition
