"""Lawful representatives of the pupils of a class: who they are, adding one on a document, ending a relation (9.1)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import parents
from accounts.actions import parents as actions
from accounts.actions.people import end_relation
from accounts.actor import Actor
from accounts.classes import classes_of
from accounts.forms.parents import RelationEndForm, RepresentativeForm
from accounts.models import Relation, SchoolClass, User
from accounts.views.posting import is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today


@requires("class-pages")
@require_safe
def class_parents(request: HttpRequest, pk: int) -> HttpResponse:
    """Pupils of the class with their representatives: document, since when, who confirmed, state of the account."""
    school_class = _own_class(request, pk)
    rows = parents.rows_of(_pupils(school_class), request.school, today())
    context = {
        "school_class": school_class,
        "rows": rows,
        "without": sum(not row.has_any for row in rows),
        "cabinets": request.school.parents_have_cabinets,
    }
    return render(request, "accounts/class_parents.html", context)


def _own_class(request: HttpRequest, pk: int) -> SchoolClass:
    return get_object_or_404(classes_of(request.user, today()), pk=pk)


def _pupils(school_class: SchoolClass):
    return User.objects.in_classes([school_class], today()).order_by("sort_name", "pk")


@requires("class-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def class_parent_add(request: HttpRequest, pk: int, pupil: int) -> HttpResponse:
    """A representative confirmed on a document; one whom the portal may know already is offered before it is added."""
    school_class = _own_class(request, pk)
    child = get_object_or_404(_pupils(school_class), pk=pupil)
    form = RepresentativeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = parents.matches(**form.names(), school_class=school_class, date=today())
        if found:
            form.offer(found)
        is_settled = not found or (form.is_bound and form.is_valid() and "person" in form.cleaned_data)
        if is_settled and _add(request, child, form, found):
            return redirect("accounts:class_parents", pk)
    context = {
        "school_class": school_class,
        "pupil": child,
        "form": form,
        "cabinets": request.school.parents_have_cabinets,
    }
    return render(request, "accounts/class_parent_add.html", context)


def _add(request: HttpRequest, child: User, form: RepresentativeForm, found: list[parents.Match]) -> bool:
    values = {name: form.cleaned_data[name] for name in ("kind", "basis", "starts")}
    person = form.chosen(found)
    try:
        row = actions.add_representative(child, person=person, names=form.names(), by=Actor.of(request), **values)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    login = "" if person else " Логин и пароль выдаёт ответственный за учётные данные."
    messages.success(request, f"Законный представитель записан: {row.parent}, {row.get_kind_display()}.{login}")
    return True


@requires("class-pages")
@require_http_methods(["GET", "HEAD", "POST"])
def class_relation_end(request: HttpRequest, pk: int, relation: int) -> HttpResponse:
    """The last day of a relation, with the reason; the parent's cabinet closes with the last relation."""
    school_class = _own_class(request, pk)
    row = _running_or_404(school_class, relation)
    form = RelationEndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _end(request, row, form):
        return redirect("accounts:class_parents", pk)
    context = {
        "school_class": school_class,
        "title": "Прекратить представительство",
        "question": f"{row.parent}, {row.get_kind_display()}: {row.pupil}.",
        "effects": [
            "Со следующего дня этот человек не увидит в портале ничего о ребёнке.",
            "Если других детей у него в школе нет, закроется и его кабинет родителя.",
            "Согласия, которые он дал, действуют, пока их не отзовут. Запись останется в истории.",
        ],
        "button": "Прекратить",
        "danger": True,
        "form": form,
        "back_url": reverse("accounts:class_parents", args=[pk]),
    }
    return render(request, "accounts/class_relation_end.html", context)


def _running_or_404(school_class: SchoolClass, key: int) -> Relation:
    """A relation of a pupil of the class that is in force or to come."""
    rows = Relation.objects.overlapping(today(), None).filter(pupil__in=_pupils(school_class).order_by().values("pk"))
    return get_object_or_404(rows.select_related("parent", "pupil"), pk=key)


def _end(request: HttpRequest, row: Relation, form: RelationEndForm) -> bool:
    ends, reason = form.cleaned_data["ends"], form.cleaned_data["reason"]
    return is_taken(
        request,
        form,
        lambda by: end_relation(row, ends=ends, by=by, basis=reason),
        f"Последний день записан: {row.parent}, {russian.short_date(ends)}.",
    )
