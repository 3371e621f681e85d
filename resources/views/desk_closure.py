"""The desk of an element's administrator: closure, conditions and the acts that govern access (3.3, 5.2, 5.3)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_taken
from eios.lib.access import requires
from resources import desk, levels, overview, reach
from resources.actions import elements as actions
from resources.asker import asker_of
from resources.forms.desk import BasisForm
from resources.forms.desk_closure import ActsForm, ClosureChoiceForm, ClosureForm, ConditionChoiceForm, ConditionForm
from resources.models import BY_NAME, Condition, Element

GET_POST = ["GET", "HEAD", "POST"]
EFFECTS = {
    Condition.Kind.ACQUAINTANCE: "Элемент откроется только тем, кто ознакомлен с действующей редакцией документа.",
    Condition.Kind.TRAINING: "Элемент откроется только тем, у кого есть подтверждённое и не просроченное обучение.",
    Condition.Kind.SECOND_FACTOR: "Элемент откроется только тем, у кого включён второй шаг входа.",
    Condition.Kind.NETWORK: "Элемент будет открываться только из сети школы.",
}


@requires("desk")
@require_safe
def desk_closure(request: HttpRequest, slug: str) -> HttpResponse:
    """How closed the element is and why, on what conditions it opens, and which acts govern it."""
    element = desk.governed(request, slug)
    asker = asker_of(request)
    options = overview.closure_options(element, asker)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_closure"),
        "closure": overview.closure_of(element, request.school),
        "closure_form": ClosureChoiceForm(options=options) if options else None,
        "is_library": reach.is_within_library(element),
        "sets_any": asker.is_system_administrator,
        "conditions": overview.conditions_of(element),
        "condition_form": ConditionChoiceForm(),
        "networks": request.school.local_networks.split(),
        "is_at_school": asker.is_at_school,
        "acts": element.governed_by.all(),
    }
    return render(request, "resources/desk_closure.html", context)


@requires("desk")
@require_http_methods(GET_POST)
def desk_closure_change(request: HttpRequest, slug: str) -> HttpResponse:
    """The chosen closure once more, with what changes, and its ground."""
    element = desk.governed(request, slug)
    asker = asker_of(request)
    options = overview.closure_options(element, asker)
    chosen = ClosureChoiceForm(request.POST if request.method == "POST" else request.GET, options=options)
    if not chosen.is_valid():
        messages.warning(request, "Такой уровень здесь установить нельзя: выберите из списка.")
        return redirect("resources:desk_closure", slug)
    form = ClosureForm(
        request.POST or None, options=options, names_policy=asker.is_system_administrator,
        initial={"closure": chosen.cleaned_data["closure"]},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _closed(request, element, form):
        return redirect("resources:desk_closure", slug)
    context = {
        "title": "Изменить закрытость",
        "question": f"{element}.",
        "effects": _closure_effects(request, element, chosen.number()),
        "form": form,
        "button": "Установить",
        "back_url": reverse("resources:desk_closure", args=[slug]),
    }
    return render(request, "ui/confirm.html", context)


def _closure_effects(request: HttpRequest, element: Element, closure: int | None) -> list[str]:
    names = levels.names(request.school)
    after = element.parent.closure if closure is None else closure
    effects = [f"Было: {element.closure} — {names[element.closure]}. Станет: {after} — {names[after]}."]
    if closure is None:
        effects.append(f"Дальше закрытость будет меняться вместе с элементом «{element.parent}».")
    if after == BY_NAME:
        effects.append("Откроется только тем, кому дана привилегия на этот самый элемент, и его администраторам.")
    if parts := overview.parts_that_follow(element):
        effects.append(f"Вместе с ним изменятся части: {', '.join(part.name for part in parts)}.")
    if looser := overview.parts_left_looser(element, after):
        listed = ", ".join(f"{part.name} ({part.closure} — {names[part.closure]})" for part in looser)
        effects.append(f"Внимание: со своей закрытостью, ниже новой, останутся части: {listed}.")
    return effects


def _closed(request: HttpRequest, element: Element, form: ClosureForm) -> bool:
    data, by = form.cleaned_data, Actor.of(request)
    try:
        if "ground" in form.fields:
            actions.set_closure(element, form.number(), ground=data["ground"], basis=data["basis"], by=by)
        else:
            actions.tighten(element, form.number(), basis=data["basis"], by=by)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    messages.success(request, "Закрытость изменена.")
    return True


@requires("desk")
@require_http_methods(GET_POST)
def desk_condition_add(request: HttpRequest, slug: str) -> HttpResponse:
    """The chosen condition once more, and why it is set."""
    element = desk.governed(request, slug)
    chosen = ConditionChoiceForm(request.POST if request.method == "POST" else request.GET)
    if not chosen.is_valid():
        problems = [text for texts in chosen.errors.values() for text in texts]
        messages.warning(request, " ".join(problems))
        return redirect("resources:desk_closure", slug)
    condition = chosen.condition(element)
    form = ConditionForm(
        request.POST or None, initial={"kind": condition.kind, "document": condition.document_id}
    )  # fmt: skip
    if _bound(request, condition, form):
        return redirect("resources:desk_closure", slug)
    context = {
        "title": "Установить условие",
        "question": f"{element}: {condition}.",
        "effects": [EFFECTS[condition.kind], "Условие относится и к частям элемента, и к его администраторам."],
        "form": form,
        "button": "Установить",
        "back_url": reverse("resources:desk_closure", args=[slug]),
    }
    return render(request, "ui/confirm.html", context)


def _bound(request: HttpRequest, condition: Condition, form: ConditionForm) -> bool:
    return is_taken(
        request,
        form,
        lambda by: actions.add_condition(condition, by=by, basis=form.cleaned_data["basis"]),
        "Условие установлено.",
    )


@requires("desk")
@require_http_methods(GET_POST)
def desk_condition_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The system administrator removes a condition; one set above is removed there."""
    element = desk.governed(request, slug)
    if not asker_of(request).is_system_administrator:
        raise Http404
    condition = get_object_or_404(Condition.objects.select_related("document"), element=element, pk=pk)
    form = BasisForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove_condition(condition, by=Actor.of(request), basis=form.cleaned_data["basis"])
        messages.success(request, "Условие снято.")
        return redirect("resources:desk_closure", slug)
    context = {
        "title": "Снять условие",
        "question": f"{element}: {condition}.",
        "effects": ["Элемент и его части откроются и тем, кто этого условия не выполняет."],
        "form": form,
        "button": "Снять условие",
        "danger": True,
        "back_url": reverse("resources:desk_closure", args=[slug]),
    }
    return render(request, "ui/confirm.html", context)


@requires("desk")
@require_http_methods(GET_POST)
def desk_acts(request: HttpRequest, slug: str) -> HttpResponse:
    """Which local acts govern access to the element (3.3)."""
    element = desk.governed(request, slug)
    form = ActsForm(
        request.POST if request.method == "POST" else None, initial={"documents": element.governed_by.all()}
    )
    if request.method == "POST" and form.is_valid():
        actions.govern(element, form.cleaned_data["documents"], by=Actor.of(request))
        messages.success(request, "Акты сохранены: они стоят в карточке элемента.")
        return redirect("resources:desk_closure", slug)
    context = {"element": element, "tabs": desk.tabs(element, "desk_closure"), "form": form}
    return render(request, "resources/desk_acts.html", context)
