"""Events entered by the school: the list, one event, its participants (11.1). Whose names are shown to whom says
`rights.events_kept`."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from portfolio import events, rights
from portfolio.actions import events as actions
from portfolio.forms.events import ChooseForm, EventFilterForm, EventForm, ParticipantForm, ParticipantsForm
from portfolio.models import Achievement, Event

PAGE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("portfolio-desk")
@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """What was held, with how many of ours: without names."""
    _enterer(request)
    form = EventFilterForm(request.GET, years=events.years())
    filters = form.values()
    page = Paginator(events.listed(request.user, filters), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "filters": filters, "page": page, "is_narrowed": any(filters.values())}
    return render(request, "portfolio/event_list.html", context)


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def event_add(request: HttpRequest) -> HttpResponse:
    _enterer(request)
    return _edit(request, Event(date=today()), "portfolio/event_add.html")


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def event_change(request: HttpRequest, pk: int) -> HttpResponse:
    """What participants' entries say of the event changes with it."""
    return _edit(request, _kept(request, pk), "portfolio/event_change.html")


def _edit(request: HttpRequest, event: Event, template: str) -> HttpResponse:
    form = EventForm(request.POST if request.method == "POST" else None, instance=event, today=today())

    def save(by: Actor) -> Event:
        return actions.save_event(event, seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, save, "Мероприятие записано."):
        return redirect("portfolio:event_detail", event.pk)
    return render(request, template, {"form": form, "event": event})


@requires("portfolio-desk")
@require_safe
def event_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Of whom it consists, for those who keep it; for others how many."""
    _enterer(request)
    event = get_object_or_404(Event.objects.select_related("subject", "created_by", "batch"), pk=pk)
    context = {"event": event, "keeps": events.keeps(request.user, event), "has_come": event.date <= today()}
    if context["keeps"]:
        rows = events.by_outcome(list(events.participants(event)))
        classes = events.classes_of(rows)
        context |= {"rows": [(row, classes.get(row.class_pk)) for row in rows], "count": len(rows)}
    else:
        context["count"] = event.participants.count()
    return render(request, "portfolio/event_detail.html", context)


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def event_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked once more; with participants their entries go too, and that is said."""
    event = _kept(request, pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if is_taken(request, form, lambda by: actions.remove_event(event, by=by), "Мероприятие удалено."):
        return redirect("portfolio:event_list")
    count = event.participants.count()
    effects = ["Мероприятие исчезнет из списка."]
    if count:
        people = russian.plural(count, "ученика", "учеников", "учеников")
        effects = [
            f"Запись об участии исчезнет из портфолио {count} {people}, и из того, что они показывают другим.",
            "Вернуть записи можно будет, только внеся их заново.",
        ]
    context = {
        "event": event, "form": form, "title": "Удалить мероприятие", "question": f"{event}.", "effects": effects,
        "button": "Удалить", "danger": True, "back_url": reverse("portfolio:event_detail", args=[pk]),
    }  # fmt: skip
    return render(request, "portfolio/event_ask.html", context)


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def participants_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Many at once: a class, or those who are called so; a result for each who took part."""
    event = _kept(request, pk)
    chosen = ChooseForm(request.GET, classes=events.classes_on(event.date))
    filters = chosen.values()
    pupils = events.pupils_to_choose(event, filters["school_class"] or None, filters["q"])
    there = set(event.participants.values_list("pupil", flat=True))
    data = request.POST if request.method == "POST" else None
    form = ParticipantsForm(data, pupils=pupils, there=there)
    if is_taken(request, form, lambda by: actions.add_participants(event, form.people(), by=by), _added):
        return redirect("portfolio:event_detail", pk)
    context = {
        "event": event, "chosen": chosen, "filters": filters, "form": form, "has_come": event.date <= today(),
        "is_asked": any(filters.values()), "most": events.MOST_FOUND,
    }  # fmt: skip
    return render(request, "portfolio/participants_add.html", context)


def _added(count: int) -> str:
    return f"Внесено: {count} {russian.plural(count, 'участник', 'участника', 'участников')}."


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def participant_change(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Another result, place, team, mentor."""
    event, found = _participant(request, pk, row)
    form = ParticipantForm(request.POST if request.method == "POST" else None, instance=found)

    def save(by: Actor) -> Achievement:
        return actions.change_participant(found, seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, save, "Результат записан."):
        return redirect("portfolio:event_detail", pk)
    return render(request, "portfolio/participant_change.html", {"event": event, "row": found, "form": form})


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def participant_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Somebody entered by mistake."""
    event, found = _participant(request, pk, row)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if is_taken(request, form, lambda by: actions.remove_participant(found, by=by), "Участник убран."):
        return redirect("portfolio:event_detail", pk)
    context = {
        "event": event, "form": form, "title": "Убрать участника",
        "question": f"{found.pupil.get_full_name()}, {found.get_outcome_display()}.",
        "effects": ["Запись исчезнет из портфолио ученика и из того, что он показывает другим."],
        "button": "Убрать", "danger": True, "back_url": reverse("portfolio:event_detail", args=[pk]),
    }  # fmt: skip
    return render(request, "portfolio/event_ask.html", context)


def _enterer(request: HttpRequest) -> None:
    if not rights.enters_events(request.user):
        raise PermissionDenied


def _kept(request: HttpRequest, pk: int) -> Event:
    _enterer(request)
    return get_object_or_404(rights.events_kept(request.user), pk=pk)


def _participant(request: HttpRequest, pk: int, row: int) -> tuple[Event, Achievement]:
    event = _kept(request, pk)
    return event, get_object_or_404(event.participants.select_related("pupil"), pk=row)
