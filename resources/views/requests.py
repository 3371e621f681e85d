"""Requests for access as those who ask see them: on a card, in the own list, for a whole class (5.4)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.classes import classes_of
from accounts.views.posting import is_done
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from resources import access, class_requests, requests
from resources.actions import requests as actions
from resources.asker import asker_of
from resources.forms.requests import AskForClassForm, AskForm, ClassChoiceForm, RequestFilterForm

PAGE = 50


@requires("requests")
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """The own requests, and those one made for pupils of the own class, with the state of each."""
    form = RequestFilterForm(request.GET)
    filters, date, asker = form.values(), today(), asker_of(request)
    rows = requests.of_person(request.user, date)
    page = Paginator(requests.chosen(rows, filters["state"], date), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": filters,
        "page": page,
        "rows": requests.told(page, asker),
        "can_ask_for_class": classes_of(request.user, date).exists(),
    }
    return render(request, "resources/request_list.html", context)


@requires("requests")
@require_POST
def element_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """One click on the card: the request is made, or served at once from a pool."""
    element = get_object_or_404(access.elements_known_to(asker_of(request)), slug=slug)
    form = AskForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    is_done(request, lambda by: actions.ask(element, request.user, by=by, note=note), _asked)
    return redirect("resources:element_detail", slug)


def _asked(made) -> str:
    if made.is_waiting:
        return "Заявка подана. Когда её решат, вы получите уведомление."
    return "Заявка подтверждена сразу: вам выдан логин, он в кабинете."


@requires("requests")
@require_http_methods(["GET", "HEAD", "POST"])
def request_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The question, and then the withdrawal of a request that waits."""
    found = get_object_or_404(requests.of_person(request.user, today()), pk=pk)
    if not found.is_waiting:
        messages.warning(request, "Эту заявку уже решили: отзывать нечего.")
        return redirect("resources:request_list")
    if request.method == "POST":
        is_done(request, lambda by: actions.withdraw(found, by=by), "Заявка отозвана.")
        return redirect("resources:request_list")
    whom = f" за: {found.person.get_full_name()}" if found.is_for_another else ""
    context = {
        "title": "Отозвать заявку",
        "question": f"Доступ к элементу «{found.element.name}»{whom}.",
        "effects": ["Решать её никто уже не будет.", "Попросить снова можно в любое время."],
        "button": "Отозвать заявку",
        "back_url": reverse("resources:request_list"),
    }
    return render(request, "ui/confirm.html", context)


# A whole class


@requires("requests")
@require_safe
def request_class(request: HttpRequest) -> HttpResponse:
    """Pupils of the own class, with who has access to the chosen element and who waits; boxes for the others."""
    form = _class_form(request)
    element, school_class = form.chosen()
    rows = class_requests.rows_of(element, school_class, asker_of(request)) if element and school_class else []
    context = {
        "form": form,
        "element": element,
        "school_class": school_class,
        "rows": rows,
        "able": sum(row.can_ask for row in rows),
        "is_ticked": form.cleaned_data.get("ticked"),
    }
    return render(request, "resources/request_class.html", context)


@requires("requests")
@require_http_methods(["GET", "HEAD", "POST"])
def request_class_confirm(request: HttpRequest) -> HttpResponse:
    """The names once more and the effects; then one request for each."""
    chooser = _class_form(request)
    element, school_class = chooser.chosen()
    if element is None or school_class is None:
        raise Http404
    rows = class_requests.rows_of(element, school_class, asker_of(request))
    pupils = [row.person for row in rows if row.can_ask]
    form = AskForClassForm(request.POST if request.method == "POST" else request.GET, pupils=pupils)
    query = urlencode({"element": element.slug, "school_class": school_class.pk})
    back = f"{reverse('resources:request_class')}?{query}"
    if not form.is_valid():
        messages.warning(request, form.errors.get("pupil", ["Отметьте обучающихся заново."])[0])
        return redirect(back)
    if request.method == "POST":
        return _ask_for_class(request, element, school_class, form, back)
    context = {
        "form": form,
        "element": element,
        "school_class": school_class,
        "people": form.people(),
        "query": query,
        "back": back,
    }
    return render(request, "resources/request_class_confirm.html", context)


def _class_form(request: HttpRequest) -> ClassChoiceForm:
    """Own classes only: for anybody without one the page is not there."""
    classes = list(classes_of(request.user, today()))
    if not classes:
        raise Http404
    form = ClassChoiceForm(request.GET, elements=class_requests.elements_for(asker_of(request)), classes=classes)
    if request.GET.get("school_class") and form.chosen()[1] is None:
        raise Http404
    return form


def _ask_for_class(request, element, school_class, form, back: str) -> HttpResponse:
    try:
        made = actions.ask_for_class(
            element, school_class, form.people(), by=Actor.of(request), note=form.cleaned_data["note"]
        )
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(back)
    count = len(made)
    served = sum(not one.is_waiting for one in made)
    at_once = f" Сразу выдано логинов: {served}." if served else ""
    words = russian.plural(count, "заявка", "заявки", "заявок")
    messages.success(request, f"Подано: {count} {words}.{at_once}")
    return redirect("resources:request_list")
