"""Acquaintance: what one has to read, who has read, whom to ask, and the sheet to sign (3.2, 5.11)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.classes import classes_of
from accounts.models.people import MANAGEMENT_LEVEL
from eios.lib.access import CONTRIBUTE, requires
from eios.lib.dates import today
from resources import documents, reading
from resources.actions import reading as actions
from resources.forms.documents import MustReadForm, ReadersFilterForm, SheetForm
from resources.models import Document
from resources.views.documents import PAGE, in_force


@requires("cabinet")
@require_safe
def document_to_read(request: HttpRequest) -> HttpResponse:
    """What the person must read, and what has been read already."""
    history = Paginator(reading.own_history(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"rows": reading.own_list(request.user, today()), "page": history}
    return render(request, "resources/document_to_read.html", context)


@requires("reports")
@require_safe
def document_readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of those who must has read the edition in force, and who has not (3.2)."""
    document, edition = in_force(pk)
    form = ReadersFilterForm(request.GET)
    filters = form.values()
    duties = reading.duties_of(document)
    people = documents.readers(edition, date=today(), duties=duties, query=filters["q"], state=filters["state"])
    context = {
        "document": document,
        "edition": edition,
        "form": form,
        "filters": filters,
        "duties": duties,
        "counts": documents.count_readers(edition, date=today(), duties=duties),
        "page": Paginator(people, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "resources/document_readers.html", context)


@requires("class-pages")
@require_safe
def document_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """«Лист ознакомления»: of the own class; for the management of any class and of the staff."""
    document, edition = in_force(pk)
    classes = classes_of(request.user, today())
    form = SheetForm(request.GET, classes=classes, with_staff=request.user.level >= MANAGEMENT_LEVEL)
    filters = form.values()
    if filters["school_class"] is None and filters["who"] != "staff":
        raise Http404
    lines = {
        "pupils": lambda: reading.sheet_of_pupils(edition, filters["school_class"], today()),
        "parents": lambda: reading.sheet_of_parents(edition, filters["school_class"], today()),
        "staff": lambda: reading.sheet_of_staff(edition, today()),
    }[filters["who"]]()
    context = {
        "document": document,
        "edition": edition,
        "form": form,
        "who": filters["who"],
        "school_class": filters["school_class"],
        "lines": lines,
        "read": sum(line.read_at is not None for line in lines),
    }
    return render(request, "resources/document_sheet.html", context)


@requires("documents", to=CONTRIBUTE)
@require_http_methods(["GET", "HEAD", "POST"])
def document_duties(request: HttpRequest, pk: int) -> HttpResponse:
    """Who must read the document, and a form that names others."""
    document = get_object_or_404(Document, pk=pk)
    form = MustReadForm(request.POST if request.method == "POST" else None, instance=document.must_read.model())
    form.instance.document = document
    if request.method == "POST" and form.is_valid() and _is_laid(request, form):
        return redirect("resources:document_duties", pk)
    context = {"document": document, "form": form, "duties": reading.duties_of(document)}
    return render(request, "resources/document_duties.html", context)


def _is_laid(request: HttpRequest, form: MustReadForm) -> bool:
    try:
        duty = actions.add_duty(form.instance, by=Actor.of(request))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    messages.success(request, f"Записано: документ читают {duty.who}.")
    return True


@requires("documents", to=CONTRIBUTE)
@require_http_methods(["GET", "HEAD", "POST"])
def document_duty_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Asks once; then these people need not read the document."""
    document = get_object_or_404(Document, pk=pk)
    duty = get_object_or_404(document.must_read.select_related("school_class", "position"), pk=row)
    if request.method == "POST":
        who = duty.who
        actions.remove_duty(duty, by=Actor.of(request))
        messages.success(request, f"Снято: {who}.")
        return redirect("resources:document_duties", pk)
    context = {
        "document": document,
        "title": "Больше не спрашивать",
        "question": f"{duty.who.capitalize()} больше не обязаны читать документ «{document}».",
        "effects": ["Кабинет перестанет просить их прочитать документ.", "Уже сделанные отметки останутся."],
        "button": "Снять",
        "back_url": reverse("resources:document_duties", args=[pk]),
    }
    return render(request, "resources/document_confirm.html", context)
