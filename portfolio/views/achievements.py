"""Achievements: the pupil's own list and entries, the same read by family and school (11.1-11.3)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.models import User
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from portfolio import achievement_queue, achievements, freezing, rights
from portfolio.actions import achievement_checks
from portfolio.actions import achievements as actions
from portfolio.forms.achievements import AchievementFilterForm, AchievementForm, SameForm
from portfolio.models import Achievement, State

PAGE = 30
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("portfolio")
@require_safe
def achievement_list(request: HttpRequest) -> HttpResponse:
    """The pupil's own."""
    _refuse_others(request)
    return _list(request, request.user)


@requires("portfolio")
@require_safe
def pupil_achievement_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A pupil's, for the parents, the class teacher and the management: read only."""
    return _list(request, get_object_or_404(rights.pupils_seen(request.user, today()), pk=pk))


def _list(request: HttpRequest, pupil: User) -> HttpResponse:
    is_own = pupil.pk == request.user.pk
    rows = achievements.of_pupil(pupil, request.user, today())
    states = _states(request, is_own)
    form = AchievementFilterForm(request.GET, states=states, years=achievements.years_of(rows))
    filters = form.values()
    chosen = achievements.listed(achievements.chosen(rows, filters))
    page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
    context = {
        "pupil": pupil,
        "school_class": pupil.school_class_now,
        "is_own": is_own,
        "may_write": is_own and not freezing.is_frozen(pupil),
        "form": form,
        "filters": filters,
        "page": page,
        "groups": achievements.groups_of(page),
    }
    return render(request, "portfolio/achievement_list.html", context)


def _states(request: HttpRequest, is_own: bool) -> list[State]:
    if is_own:
        return list(State)
    is_staff = rights.manages(request.user) or rights.leads_somebody(request.user)
    return [one for one in State if one in (rights.FOR_STAFF if is_staff else rights.FOR_PARENTS)]


@requires("portfolio")
@require_safe
def achievement_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An entry with its evidence and versions."""
    entry = _seen(request, pk)
    rows = achievements.of_pupil(entry.pupil, request.user, today())
    checked = rights.achievements_checked(request.user, today()).filter(pk=pk)
    versions = achievements.versions_of(entry, rows)
    context = {
        "entry": entry,
        "is_own": entry.pupil_id == request.user.pk,
        "is_frozen": freezing.is_frozen(entry.pupil),
        "versions": versions,
        "next": next((one for one in versions if one.replaces_id == entry.pk), None),
        "may_check": entry.state == State.SUBMITTED and checked.exists(),
        "same_form": _same_form(request, entry),
    }
    return render(request, "portfolio/achievement_detail.html", context)


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def achievement_add(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    _refuse_others(request)
    if request.method != "POST" and freezing.is_frozen(request.user):
        messages.warning(request, freezing.FROZEN)
        return redirect("portfolio:achievement_list")
    form = AchievementForm(*_typed(request))
    if _is_saved(request, form, "Черновик сохранён. Его видите только вы."):
        return redirect("portfolio:achievement_detail", form.instance.pk)
    return render(request, "portfolio/achievement_change.html", {"form": form})


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def achievement_change(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft or a returned entry; what is locked says so."""
    entry = _own(request, pk)
    if request.method != "POST" and not entry.is_editable:
        messages.warning(request, actions.why_locked(entry))
        return redirect("portfolio:achievement_detail", pk)
    name = entry.title
    form = AchievementForm(*_typed(request), instance=entry)
    if _is_saved(request, form, "Сохранено."):
        return redirect("portfolio:achievement_detail", pk)
    context = {"form": form, "entry": entry, "name": name}
    return render(request, "portfolio/achievement_change.html", context)


@requires("portfolio")
@require_POST
def achievement_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """To the class teacher."""
    entry = _own(request, pk)
    is_done(request, lambda by: actions.submit(entry, by=by), "Передано классному руководителю на проверку.")
    return redirect("portfolio:achievement_detail", pk)


@requires("portfolio")
@require_POST
def achievement_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _own(request, pk)
    is_done(request, lambda by: actions.take_back(entry, by=by), "Запись снова черновик: её можно изменить.")
    return redirect("portfolio:achievement_detail", pk)


@requires("portfolio")
@require_POST
def achievement_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new version of a confirmed entry; of one begun already the door to it."""
    entry = _own(request, pk)
    begun = entry.later.first()
    if begun is not None:
        return redirect("portfolio:achievement_detail", begun.pk)
    made: list[Achievement] = []
    words = "Новая версия начата. Прежняя действует, пока школа не подтвердит новую."
    if is_done(request, lambda by: made.append(actions.renew(entry, by=by)), words):
        return redirect("portfolio:achievement_change", made[0].pk)
    return redirect("portfolio:achievement_detail", pk)


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def achievement_remove(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _own(request, pk)
    if request.method == "POST":
        if is_done(request, lambda by: actions.remove(entry, by=by), "Черновик удалён."):
            return redirect("portfolio:achievement_list")
        return redirect("portfolio:achievement_detail", pk)
    if not entry.is_editable:
        messages.warning(request, actions.why_locked(entry))
        return redirect("portfolio:achievement_detail", pk)
    context = {
        "title": "Удалить черновик",
        "question": f"«{entry.title}», {entry.date:%d.%m.%Y}.",
        "effects": ["Запись и приложенные к ней подтверждения пропадут: восстановить их нельзя."],
        "button": "Удалить",
        "danger": True,
        "back_url": "../",
    }
    return render(request, "ui/confirm.html", context)


@requires("portfolio-desk")
@require_POST
def achievement_same(request: HttpRequest, pk: int) -> HttpResponse:
    """Of which confirmed entry this one is a double, of whatever origin."""
    entry = _seen(request, pk)
    form = _same_form(request, entry)
    if form is None:
        raise PermissionDenied
    if form.is_valid():
        kept = form.cleaned_data["same_as"]
        is_done(request, lambda by: achievement_checks.mark_same(entry, kept, by=by), "Сохранено.")
    else:
        messages.warning(request, "Выберите запись из списка.")
    return redirect("portfolio:achievement_detail", pk)


def _same_form(request: HttpRequest, entry: Achievement) -> SameForm | None:
    """For those who check the pupil's entries, at a confirmed one."""
    led = rights.pupils_led(request.user, today()).filter(pk=entry.pupil_id)
    is_own = entry.pupil_id == request.user.pk
    if entry.state != State.CONFIRMED or is_own or not request.user.is_employee or not led.exists():
        return None
    data = request.POST if request.method == "POST" else None
    others = achievement_queue.same_offered(entry)
    return SameForm(data, others=others, initial={"same_as": entry.same_as_id})


def _is_saved(request: HttpRequest, form: AchievementForm, done: str) -> bool:
    def save(by: Actor) -> None:
        values = form.cleaned_data
        asked = actions.Asked(
            uploads=values["uploads"], links=values["links"], orders=values["orders"],
            dropped=[one.pk for one in values.get("dropped", ())],
        )  # fmt: skip
        actions.save_draft(form.instance, asked, seen=values["seen"], by=by)

    return is_taken(request, form, save, done, upload="uploads")


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.is_pupil:
        raise Http404


def _own(request: HttpRequest, pk: int) -> Achievement:
    return get_object_or_404(Achievement.objects.select_related("pupil"), pk=pk, pupil=request.user)


def _seen(request: HttpRequest, pk: int) -> Achievement:
    rows = rights.achievements_seen(request.user, today())
    related = ("pupil", "subject", "event", "replaces", "same_as", "decided_by", "created_by")
    return get_object_or_404(rows.select_related(*related).prefetch_related("evidence__file"), pk=pk)


def _typed(request: HttpRequest) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
