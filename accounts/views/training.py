"""Courses and seminars of staff: entered by themselves or by the management, confirmed by another (4.3, 5.11)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lacks, staff
from accounts.actions import staff_records as actions
from accounts.actor import Actor
from accounts.forms.staff import ReturnForm, SeenForm, TrainingFilterForm, TrainingForm
from accounts.models import Training
from accounts.views.posting import is_done
from eios.lib.access import requires
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused

PAGE_SIZE = 50


@requires("staff-pages")
@require_safe
def training_list(request: HttpRequest) -> HttpResponse:
    """Courses and seminars with their states; a teacher sees the own ones."""
    form = TrainingFilterForm(request.GET)
    filters = form.values()
    rows = staff.trainings_chosen(staff.trainings_for(request.user), filters)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "is_filtered": any(filters.values()),
        "page": page,
        "rows": [(row, lacks.term_of(row.valid_until, today())) for row in page],
        "sees_everyone": staff.sees_everyone(request.user),
        "can_add": request.user.is_employee,
    }
    return render(request, "accounts/training_list.html", context)


@requires("staff-pages")
@require_safe
def training_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One record with its scan, and what the viewer may do with it."""
    training = _training(request, pk)
    can_change = staff.may_change_training(request.user, training)
    context = {
        "training": training,
        "term": lacks.term_of(training.valid_until, today()),
        "can_change": can_change,
        "form": SeenForm(initial={"mark": training.mark})
        if staff.may_settle_training(request.user, training)
        else None,
    }
    return render(request, "accounts/training_detail.html", context)


@requires("staff-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def training_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A course of oneself, which waits for the management; or of another, by the management, which counts at once."""
    person = get_object_or_404(staff.pages_for(request.user, today()), pk=pk)
    if not staff.may_add_training(request.user, person):
        raise Http404
    form = TrainingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        saved = _carried_out(form, actions.add_training, person, by=Actor.of(request))
        if saved:
            is_own = person == request.user
            messages.success(request, "Запись отправлена на подтверждение." if is_own else "Обучение внесено.")
            return redirect("accounts:staff_detail", pk)
    return render(request, "accounts/training_form.html", {"person": person, "form": form})


@requires("staff-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def training_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a record; a returned one waits again."""
    training = _changeable(request, pk)
    form = TrainingForm(request.POST or None, request.FILES or None, instance=training, initial={"scan": training.scan})
    if request.method == "POST" and form.is_valid():
        saved = _carried_out(form, actions.change_training, training, by=Actor.of(request))
        if saved:
            messages.success(request, "Запись исправлена.")
            return redirect("accounts:training_detail", pk)
    context = {"person": training.person, "training": training, "form": form}
    return render(request, "accounts/training_form.html", context)


@requires("staff-pages")
@require_POST
def training_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The management has seen the document; the words that it read are named by the form."""
    training = _settled_by(request, pk)
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Http404
    is_done(
        request,
        lambda by: actions.confirm_training(training, mark=form.cleaned_data["mark"], by=by),
        f"Обучение подтверждено: {training}.",
    )
    return redirect("accounts:training_detail", pk)


@requires("staff-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def training_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to its owner with what to correct."""
    training = _settled_by(request, pk)
    form = ReturnForm(request.POST or None, initial={"mark": training.mark})
    if request.method == "POST" and form.is_valid():
        is_done(
            request,
            lambda by: actions.return_training(training, by=by, **form.cleaned_data),
            f"Запись возвращена: {training}.",
        )
        return redirect("accounts:training_detail", pk)
    return render(request, "accounts/training_return.html", {"training": training, "form": form})


@requires("staff-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def training_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes away a record made by mistake."""
    training = _changeable(request, pk)
    if request.method == "POST":
        actions.delete_training(training, by=Actor.of(request))
        messages.success(request, f"Запись об обучении удалена: {training.title}.")
        return redirect("accounts:staff_detail", training.person_id)
    return render(request, "accounts/training_delete.html", {"training": training})


def _training(request: HttpRequest, pk: int) -> Training:
    return get_object_or_404(staff.trainings_for(request.user), pk=pk)


def _changeable(request: HttpRequest, pk: int) -> Training:
    training = _training(request, pk)
    if not staff.may_change_training(request.user, training):
        raise Http404
    return training


def _settled_by(request: HttpRequest, pk: int) -> Training:
    """A record that the management may settle; whether it still waits is told by the action."""
    training = _training(request, pk)
    if not staff.manages(request.user) or training.person == request.user:
        raise Http404
    return training


def _carried_out(form: TrainingForm, action, about, **by) -> Training | None:
    """The saved record; None where the action refuses, which the form then tells."""
    try:
        return action(about, **form.values(), **by)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    except FileRefused as refusal:
        form.add_error("scan", str(refusal))
    return None
