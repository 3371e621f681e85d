"""What is to be closed at the platforms themselves; and, for class teachers, how the class's logins stand."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import classes
from accounts.actor import Actor
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from resources import access, credentials, desk
from resources.actions import issuing
from resources.asker import asker_of
from resources.credentials import Row
from resources.forms.credentials import ChosenForm
from resources.models import Element, ExternalCredential

PAGE_SIZE = 100
EFFECTS = (
    "Вы подтверждаете: на самой платформе этот вход закрыт.",
    "Что ещё действовало здесь, прекратится; сохранённые пароли сотрутся безвозвратно.",
)


@requires("desk")
@require_safe
def desk_task_list(request: HttpRequest) -> HttpResponse:
    """All that waits to be closed, at all elements of the person."""
    mine = access.elements_administered_by(asker_of(request))
    return render(request, "resources/desk_task_list.html", _listed(request, credentials.tasks(mine, today())))


@requires("desk")
@require_safe
def desk_tasks(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits to be closed at one element."""
    element = desk.element_of(request, slug)
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_tasks"),
        "is_ticked": "ticked" in request.GET,
        **_listed(request, _of(element)),
    }
    return render(request, "resources/desk_tasks.html", context)


def _of(element: Element) -> QuerySet[ExternalCredential]:
    return credentials.tasks([element], today())


def _listed(request: HttpRequest, found: QuerySet[ExternalCredential]) -> dict:
    page = Paginator(credentials.with_places(found, today()), PAGE_SIZE).get_page(request.GET.get("page"))
    return {"page": page, "rows": [Row(one, today()) for one in page.object_list]}


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_tasks_close(request: HttpRequest, slug: str) -> HttpResponse:
    """Names and effects; then «closed at the platform» for one or many."""
    element = desk.element_of(request, slug)
    chosen = ChosenForm(request.POST if request.method == "POST" else request.GET)
    found = _of(element) if chosen.is_all else _of(element).filter(pk__in=chosen.keys())
    if request.method == "POST":
        count = issuing.close_outside(found, by=Actor.of(request))
        if count:
            words = russian.plural(count, "вход", "входа", "входов")
            messages.success(request, f"Закрыто на платформе: {count} {words}.")
        else:
            messages.warning(request, "Список изменился, пока страница была открыта: отмечать уже нечего.")
        return redirect("resources:desk_tasks", slug)
    rows = [Row(one, today()) for one in credentials.with_places(found, today())]
    if not rows:
        messages.warning(request, "Отметьте в списке, что закрыто на платформе.")
        return redirect("resources:desk_tasks", slug)
    context = {
        "element": element,
        "title": "Закрыто на платформе",
        "rows": rows,
        "effects": EFFECTS,
        "button": "Да, закрыто",
        "form": ChosenForm(initial={"credential": [row.credential.pk for row in rows]}),
        "back_url": reverse("resources:desk_tasks", args=[slug]),
    }
    return render(request, "resources/desk_tasks_close.html", context)


@requires("class-pages")
@require_safe
def class_logins(request: HttpRequest, pk: int) -> HttpResponse:
    """Pupils of the class with the state of each login at platforms; neither logins nor passwords are here."""
    school_class = get_object_or_404(classes.classes_of(request.user, today()), pk=pk)
    context = {"school_class": school_class, "lines": credentials.of_class(school_class, today())}
    return render(request, "resources/class_logins.html", context)
