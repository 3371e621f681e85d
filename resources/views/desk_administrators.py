"""The desk of an element's administrator: who administers the element (5.4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from resources import desk, overview
from resources.actions import privileges as actions
from resources.asker import asker_of
from resources.forms.desk import BasisForm, CandidateForm
from resources.models import Element

GET_POST = ["GET", "HEAD", "POST"]


@requires("desk")
@require_safe
def desk_administrators(request: HttpRequest, slug: str) -> HttpResponse:
    """Administrators of the element and of those above; a search for another one."""
    element = desk.governed(request, slug)
    form = CandidateForm(request.GET)
    query = form.values()["q"]
    administrators = overview.administrators_of(element)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_administrators"),
        "administrators": administrators,
        "has_living": any(row.is_alive for row in administrators),
        "form": form,
        "query": query,
        "found": list(overview.candidates(element, query, asker_of(request))) if query else [],
    }
    return render(request, "resources/desk_administrators.html", context)


@requires("desk")
@require_http_methods(GET_POST)
def desk_administrator_add(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Names one more administrator, asked once more."""
    element = desk.governed(request, slug)
    person = get_object_or_404(User.objects.alive(asker_of(request).date), standing_employee=True, pk=pk)
    form = BasisForm(request.POST or None)
    if _named(request, element, person, form):
        return redirect("resources:desk_administrators", slug)
    context = {
        "title": "Назначить администратора",
        "question": f"{person.get_full_name()}: «{element}».",
        "effects": [
            "Элемент и все его части откроются этому человеку без срока; он сможет вести карточку, давать привилегии, "
            "решать заявки, выдавать учётные данные и назначать других администраторов.",
            "В меню у него появится раздел «Мои элементы».",
        ],
        "form": form,
        "button": "Назначить",
        "back_url": reverse("resources:desk_administrators", args=[slug]),
    }
    return render(request, "ui/confirm.html", context)


def _named(request: HttpRequest, element: Element, person: User, form: BasisForm) -> bool:
    return is_taken(
        request,
        form,
        lambda by: actions.name_administrator(element, person, by=by, basis=form.cleaned_data["basis"]),
        f"Назначен администратор: {person.get_full_name()}.",
    )


@requires("desk")
@require_http_methods(GET_POST)
def desk_administrator_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The person administers the element no more, asked once more; departed ones are removed too."""
    element = desk.governed(request, slug)
    person = get_object_or_404(User, pk=pk)
    row = next((one for one in overview.administrators_of(element) if one.is_own and one.person == person), None)
    if row is None:
        return redirect("resources:desk_administrators", slug)
    form = BasisForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _removed(request, element, person, form)
    context = {
        "title": "Снять администратора",
        "question": f"{person.get_full_name()}: «{element}».",
        "effects": _removal_effects(request, element, row),
        "form": form,
        "button": "Снять",
        "danger": True,
        "back_url": reverse("resources:desk_administrators", args=[slug]),
    }
    return render(request, "ui/confirm.html", context)


def _removal_effects(request: HttpRequest, element: Element, row: overview.Administrator) -> list[str]:
    effects = ["Стол этого элемента закроется сразу; уровень и привилегии человека останутся как были."]
    if row.person == request.user:
        effects.append("Это вы: вернуть себе элемент сами вы не сможете.")
    others = [one for one in overview.administrators_of(element) if one.is_alive and one.person != row.person]
    if not others:
        effects.append("Других администраторов нет: элемент перейдёт к системному администратору.")
    return effects


def _removed(request: HttpRequest, element: Element, person: User, form: BasisForm) -> HttpResponse:
    is_done(
        request,
        lambda by: actions.remove_administrator(element, person, by=by, basis=form.cleaned_data["basis"]),
        f"Больше не администратор: {person.get_full_name()}.",
    )
    if person == request.user:
        return redirect("resources:element_list")
    return redirect("resources:desk_administrators", element.slug)
