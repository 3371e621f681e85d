"""Documents that the environment lives by: read by all, with a tick of those who are signed in (3.2, 3.3, 13)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import Actor
from accounts.classes import classes_of
from accounts.visitor import show_menu
from eios.lib.access import requires
from eios.lib.addresses import safe_next
from eios.lib.conditional import shared_page
from eios.lib.dates import today
from resources import access, documents, edition_diff, sections
from resources.actions import documents as actions
from resources.asker import asker_of
from resources.forms.documents import AcquaintForm, CompareForm, DocumentFilterForm
from resources.models import Document, Edition

PAGE = 50


@requires("documents")
@require_safe
@shared_page
def document_list(request: HttpRequest) -> HttpResponse:
    """Documents by level, under filters that stand in the address."""
    fills = may_fill(request)
    form = DocumentFilterForm(request.GET, sees_coming=fills)
    filters = form.values()
    chosen = {name: filters[name] for name in ("level", "kind", "state")}
    rows = documents.listed(today(), query=filters["q"], **chosen)
    context = {
        "form": form,
        "filters": filters,
        "is_filtered": any(filters.values()),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "today": today(),
        "can_fill": fills,
    }
    return render(request, "resources/document_list.html", context)


@requires("documents")
@require_safe
@shared_page
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The edition in force, former ones, what the document governs; and the tick of having read it (3.2)."""
    document = document_seen(request, pk)
    edition = document.edition_on(today())
    asker, fills = asker_of(request), may_fill(request)
    read_at = documents.read_at(asker.person, edition) if edition else None
    wanted = safe_next(request, request.GET.get("next", ""), "")
    is_over = document.has_lost_force(today())
    asks = edition is not None and asker.person is not None and read_at is None and not is_over
    former = document.editions.in_force(today()).defer("text")
    context = {
        "document": document,
        "edition": edition,
        "cited_as": documents.cited_as(edition) if edition else "",
        "is_over": is_over,
        "replaced_by": documents.successor(document, today(), to_all=not fills),
        "former": former.exclude(pk=edition.pk) if edition else former,
        "coming": documents.coming(document, today()) if fills else [],
        "elements": documents.governed(document, asker),
        "replaces": document.replaces.published(today()),
        "read_at": read_at,
        "back": wanted,
        "form": AcquaintForm(initial={"edition": edition.pk, "next": wanted}) if asks else None,
        "can_fill": fills,
        "can_correct": fills and edition is not None and not edition.acquaintances.exists(),
        "can_see_readers": edition and access.decide(asker, sections.by_slug(request.school, "reports")).allowed,
        "can_print_sheet": edition and asker.person is not None and classes_of(asker.person, today()).exists(),
    }
    return render(request, "resources/document_detail.html", context)


@requires("documents")
@require_safe
@shared_page
def document_edition(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An edition, former or still to come; the one in force has the document's own page."""
    document = document_seen(request, pk)
    current = document.edition_on(today())
    if current and number == current.number:
        return redirect("resources:document_detail", pk)
    fills = may_fill(request)
    seen = document.editions.all() if fills else document.editions.in_force(today())
    found = get_object_or_404(seen.select_related("order", "file"), number=number)
    context = {
        "document": document,
        "edition": found,
        "current": current,
        "cited_as": documents.cited_as(found),
        "is_coming": found.in_force_from > today(),
        "can_correct": fills and not found.acquaintances.exists(),
    }
    return render(request, "resources/document_edition.html", context)


@requires("documents")
@require_safe
@shared_page
def document_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed between two editions that have begun, as a text (13)."""
    document = document_seen(request, pk)
    show_menu(request)
    editions = documents.comparable(document, today())
    if len(editions) < 2:
        raise Http404
    form = CompareForm(request.GET or None, editions=editions)
    numbers = form.numbers(default=(editions[-2].number, editions[-1].number))
    by_number = {one.number: one for one in editions}
    old, new = sorted((by_number[number] for number in numbers), key=lambda one: one.in_force_from)
    context = {
        "document": document,
        "form": CompareForm(initial={"old": old.number, "new": new.number}, editions=editions),
        "old": old,
        "new": new,
        "difference": edition_diff.compare(old.text, new.text) if old.text and new.text else None,
    }
    return render(request, "resources/document_compare.html", context)


@requires("cabinet")
@require_POST
def document_acquaint(request: HttpRequest, pk: int) -> HttpResponse:
    """«Ознакомлен(а)»: with the edition that stood on the page, and no other."""
    document, _ = in_force(pk)
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


def may_fill(request: HttpRequest) -> bool:
    """May the one who asks add documents and editions? A guest may not."""
    return sections.may_contribute(asker_of(request), "documents")


def document_seen(request: HttpRequest, pk: int) -> Document:
    """A published document; to those who fill the section also one whose first edition is still to come."""
    seen = Document.objects.all() if may_fill(request) else Document.objects.published(today())
    return get_object_or_404(seen.select_related("file", "replaced_by"), pk=pk)


def in_force(pk: int) -> tuple[Document, Edition]:
    """A document and its edition in force. Raises Http404 where none has begun."""
    document = get_object_or_404(Document, pk=pk)
    edition = document.edition_on(today())
    if edition is None:
        raise Http404
    return document, edition
