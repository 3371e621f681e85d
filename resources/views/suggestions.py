"""Suggestions (3.5): to propose, to see what became of the own ones, to answer those that come to one."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from resources import access, desk, suggestions
from resources.actions import suggestions as actions
from resources.asker import asker_of
from resources.forms.suggestions import AnswerForm, InboxFilterForm, SuggestionFilterForm, SuggestionForm
from resources.models import Element, Suggestion

PAGE = 50


@requires("requests")
@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """The own suggestions with their answers."""
    rows = Suggestion.objects.filter(author=request.user).select_related("element", "decided_by")
    form = SuggestionFilterForm(request.GET)
    context = _listing(request, form, suggestions.chosen(rows, form.values()["state"]))
    context["answers"] = suggestions.answers(asker_of(request))
    return render(request, "resources/suggestion_list.html", context)


@requires("requests")
@require_safe
def suggestion_inbox(request: HttpRequest) -> HttpResponse:
    """What came to this person: about elements that one administers."""
    asker = asker_of(request)
    if not suggestions.answers(asker):
        raise Http404
    return render(request, "resources/suggestion_inbox.html", _inbox(request, suggestions.answered_by(asker)))


@requires("desk")
@require_safe
def desk_suggestions(request: HttpRequest, slug: str) -> HttpResponse:
    """Suggestions about one element, on its desk."""
    element = desk.element_of(request, slug)
    context = _inbox(request, suggestions.about(element))
    context |= {"element": element, "tabs": desk.tabs(element, "desk_suggestions")}
    return render(request, "resources/desk_suggestions.html", context)


def _inbox(request: HttpRequest, rows) -> dict:
    form = InboxFilterForm(request.GET)
    return _listing(request, form, suggestions.to_answer(rows, form.values()["state"]))


def _listing(request: HttpRequest, form: SuggestionFilterForm, rows) -> dict:
    return {"form": form, "filters": form.values(), "page": Paginator(rows, PAGE).get_page(request.GET.get("page"))}


@requires("requests")
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_add(request: HttpRequest) -> HttpResponse:
    """A new resource, or a change to the element that the address names (?element=…)."""
    element = _element(request)
    suggestion = Suggestion(author=request.user, element=element)
    form = SuggestionForm(request.POST if request.method == "POST" else None, instance=suggestion)
    if is_taken(
        request,
        form,
        lambda by: actions.suggest(suggestion, by=by),
        "Предложение отправлено. Об ответе придёт уведомление.",
    ):
        return redirect("resources:suggestion_list")
    return render(request, "resources/suggestion_add.html", {"form": form, "element": element})


def _element(request: HttpRequest) -> Element | None:
    """The element of the address, if one may know of it; else not found."""
    slug = request.GET.get("element", "")
    return get_object_or_404(access.elements_known_to(asker_of(request)), slug=slug) if slug else None


@requires("requests")
@require_safe
def suggestion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One suggestion: to its author, and to those who answer it."""
    suggestion, can_answer = _suggestion(request, pk)
    return _page(request, suggestion, can_answer, AnswerForm())


@requires("requests")
@require_POST
def suggestion_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accepted or declined, with an answer."""
    suggestion, can_answer = _suggestion(request, pk)
    if not can_answer:
        raise Http404
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, suggestion, can_answer, form)
    is_done(
        request,
        lambda by: actions.answer(suggestion, form.cleaned_data["state"], form.cleaned_data["answer"], by=by),
        "Ответ отправлен.",
    )
    return redirect("resources:suggestion_detail", pk)


def _suggestion(request: HttpRequest, pk: int) -> tuple[Suggestion, bool]:
    """The suggestion and whether one answers it. Raises Http404 for what is neither one's own nor for one to answer."""
    found = suggestions.answered_by(asker_of(request)).filter(pk=pk).first()
    if found:
        return found, True
    own = Suggestion.objects.filter(author=request.user).select_related("author", "element", "decided_by")
    return get_object_or_404(own, pk=pk), False


def _page(request: HttpRequest, suggestion: Suggestion, can_answer: bool, form: AnswerForm) -> HttpResponse:
    context = {"suggestion": suggestion, "can_answer": can_answer and suggestion.is_waiting, "form": form}
    return render(request, "resources/suggestion_detail.html", context)
