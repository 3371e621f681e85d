"""The editors' side of curricula (6.2): begin, fill the grid, name attestation, approve by order, copy."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.views.posting import is_taken
from eios.lib.access import CONTRIBUTE, requires
from resources import curricula
from resources.actions import curricula as actions
from resources.forms.curricula import FEDERAL, AttestationForm, CurriculumForm, GridForm
from resources.forms.year_plans import ApproveForm, CopyForm
from resources.models import Curriculum
from resources.views.curricula import SECTION, find_curriculum
from resources.views.year_plans import approve_page, copy, delete_page, deleted, only_draft

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def curriculum_add(request: HttpRequest) -> HttpResponse:
    """A new draft: with federal hours, or empty."""
    form = CurriculumForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            federal = form.cleaned_data["begin"] == FEDERAL
            made = actions.add_curriculum(form.instance, federal=federal, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, " ".join(refusal.messages))
        else:
            messages.success(request, "Проект плана составлен: проверьте часы и дополните.")
            return redirect("resources:curriculum_change", made.pk)
    return render(request, "resources/curriculum_add.html", {"form": form})


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
@only_draft(find_curriculum, "resources:curriculum_detail")
def curriculum_change(request: HttpRequest, curriculum: Curriculum) -> HttpResponse:
    """The grid, subjects × grades: saved as a whole, errors at their cells."""
    form = GridForm(request.POST if request.method == "POST" else None, curriculum=curriculum)

    def fill(by: Actor) -> Curriculum:
        return actions.fill_curriculum(curriculum, form.filling(), version=form.cleaned_data["version"], by=by)

    if is_taken(request, form, fill, "Сохранено."):
        return redirect("resources:curriculum_change", curriculum.pk)
    table = curricula.table_of(curriculum)
    context = {"form": form, "plan": curriculum, "table": table, "lacks": curricula.lacks_of(curriculum, table)}
    return render(request, "resources/curriculum_change.html", context)


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
@only_draft(find_curriculum, "resources:curriculum_detail")
def curriculum_attestation(request: HttpRequest, curriculum: Curriculum) -> HttpResponse:
    """Forms of interim attestation, subject by subject and grade by grade."""
    form = AttestationForm(request.POST if request.method == "POST" else None, curriculum=curriculum)

    def name(by: Actor) -> Curriculum:
        return actions.set_attestation(curriculum, form.words(), version=form.cleaned_data["version"], by=by)

    if is_taken(request, form, name, "Сохранено."):
        return redirect("resources:curriculum_detail", curriculum.pk)
    return render(request, "resources/curriculum_attestation.html", {"form": form, "plan": curriculum})


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
@only_draft(find_curriculum, "resources:curriculum_detail")
def curriculum_approve(request: HttpRequest, curriculum: Curriculum) -> HttpResponse:
    """Approval by an executed order; over the weekly limit it is refused with the grade and the hours."""
    form = ApproveForm(request.POST if request.method == "POST" else None, year=curriculum.year)
    page = reverse("resources:curriculum_detail", args=[curriculum.pk])
    if is_taken(
        request, form, lambda by: actions.approve_curriculum(curriculum, order=form.cleaned_data["order"], by=by),
        "Учебный план утверждён и открыт всем.",
    ):  # fmt: skip
        return redirect(page)
    lacks = curricula.lacks_of(curriculum, curricula.table_of(curriculum))
    return approve_page(request, curriculum, form, lacks, page)


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def curriculum_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The same rows as a draft of the next year, or as a new edition of this one."""
    curriculum = find_curriculum(pk, True)
    form = CopyForm(request.POST if request.method == "POST" else None, plan=curriculum)
    return copy(request, curriculum, form, actions.copy_curriculum, "curriculum", "")


@requires(SECTION, to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
@only_draft(find_curriculum, "resources:curriculum_detail")
def curriculum_delete(request: HttpRequest, curriculum: Curriculum) -> HttpResponse:
    """Throws a draft away."""
    if request.method == "POST":
        return deleted(request, curriculum)
    return delete_page(request, curriculum, reverse("resources:curriculum_detail", args=[curriculum.pk]))
