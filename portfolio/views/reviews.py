"""Reviews of works by those who have accounts: write, read, answer, revoke; moderation (1.3 d)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_done, is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from portfolio import reviews, rights, works
from portfolio.actions import reviews as actions
from portfolio.forms.reviews import AnswerForm, ReasonForm, ReviewForm, TickedForm
from portfolio.models import Review, Work

PAGE = 30
FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def review_add(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One's review of a sealed version, by the rubric of the address."""
    seen = reviews.version_to_review(request.user, today()).select_related("work__owner", "work__subject")
    version = get_object_or_404(seen, work=pk, number=number)
    if rights.capacity_of(request.user) is None:
        raise Http404
    form, offered = review_form(request, version.work, ReviewForm)

    def save(by: Actor) -> Review:
        return actions.write(version, form.draft(), by=by)

    if is_taken(request, form, save, _written):
        return redirect(f"{reverse('portfolio:work_detail', args=[pk])}?version={number}")
    context = {
        "version": version,
        "work": version.work,
        "shown": works.version_page(version),
        "form": form,
        "rubrics": offered,
        "waits": rights.capacity_of(request.user) in actions.BY_MODERATION,
    }
    return render(request, "portfolio/review_add.html", context)


def review_form(request: HttpRequest, work: Work, form_class: type[ReviewForm], **options):
    """(the form by the rubric of the address, the rubrics that are offered)"""
    asked = request.GET.get("rubric", "")
    offered, rubric = reviews.rubric_asked(work, asked)
    is_gone = rubric is None and asked not in ("", "none")
    data = request.POST if request.method == "POST" else None
    return form_class(data, rubric=rubric, is_gone=is_gone, **options), offered


def _written(review: Review) -> str:
    if review.state == Review.State.WAITING:
        return "Рецензия отправлена. Её увидят, когда школа проверит."
    return "Рецензия опубликована."


@requires("portfolio")
@require_safe
def own_review_list(request: HttpRequest) -> HttpResponse:
    """What the person has written, with its state, and the way back to the work while it is seen."""
    page = Paginator(reviews.by_person(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "written": reviews.written(request.user, page, today())}
    return render(request, "portfolio/own_review_list.html", context)


@requires("portfolio")
@require_safe
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    review = _seen(request, pk)
    card = reviews.card_for(request.user, review)
    sees_work = rights.versions_seen(request.user, today()).filter(pk=review.version_id).exists()
    return render(request, "portfolio/review_detail.html", {"card": card, "review": review, "sees_work": sees_work})


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def review_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """An author's answer; a later one takes its place."""
    review = _seen(request, pk)
    if not reviews.card_for(request.user, review).may_answer:
        raise Http404
    form = AnswerForm(_posted(request), initial={"answer": review.answer})

    def save(by: Actor) -> Review:
        return actions.answer(review, form.cleaned_data["answer"], by=by)

    if is_taken(request, form, save, "Ответ записан."):
        return redirect(actions.page_of(review))
    return render(request, "portfolio/review_answer.html", {"form": form, "review": review})


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def review_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    review = _seen(request, pk)
    card = reviews.card_for(request.user, review)
    if not card.may_revoke:
        raise Http404
    form = ReasonForm(_posted(request))

    def save(by: Actor) -> Review:
        return actions.revoke(review, form.cleaned_data["reason"], by=by)

    if is_taken(request, form, save, "Рецензия отозвана."):
        return redirect("portfolio:review_detail", pk)
    context = {
        "title": "Отозвать рецензию",
        "question": f"Работа «{review.version.work.title}», рецензент — {review.author_words}.",
        "effects": [
            "Рецензию больше никто не прочтёт, кроме рецензента и тех, кто проверяет рецензии.",
            "У автора останется след: чья рецензия отозвана, когда и почему. Вернуть её нельзя.",
            *(["Вы сможете написать новую рецензию на эту версию."] if card.is_own else []),
        ],
        "form": form,
        "button": "Отозвать",
        "danger": True,
        "back_url": reverse("portfolio:review_detail", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


# Moderation


@requires("portfolio-desk")
@require_safe
def moderation_list(request: HttpRequest) -> HttpResponse:
    """Reviews that wait, the oldest first."""
    _refuse_others(request)
    rows = reviews.with_all(reviews.waiting(request.user, today())).select_related("version__work__owner")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "portfolio/moderation_list.html", {"page": page})


@requires("portfolio-desk")
@require_POST
def review_publish_many(request: HttpRequest) -> HttpResponse:
    _refuse_others(request)
    form = TickedForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(form.errors["review"]))
    else:
        is_done(request, lambda by: _say_many(request, actions.publish_many(form.cleaned_data["review"], by=by)))
    return redirect("portfolio:moderation_list")


def _say_many(request: HttpRequest, outcome: tuple[int, list[str]]) -> None:
    count, refused = outcome
    if count:
        words = russian.plural(count, "рецензия", "рецензии", "рецензий")
        messages.success(request, f"Опубликовано: {count} {words}.")
    for why in refused:
        messages.warning(request, why)


@requires("portfolio-desk")
@require_POST
def review_publish(request: HttpRequest, pk: int) -> HttpResponse:
    review = _moderated(request, pk)
    is_done(request, lambda by: actions.publish(review, by=by), "Рецензия опубликована, автору сообщено.")
    return redirect("portfolio:moderation_list")


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def review_decline(request: HttpRequest, pk: int) -> HttpResponse:
    review = _moderated(request, pk)
    form = ReasonForm(_posted(request))

    def save(by: Actor) -> Review:
        return actions.decline(review, form.cleaned_data["reason"], by=by)

    if is_taken(request, form, save, "Рецензия не опубликована."):
        return redirect("portfolio:moderation_list")
    told = ["Рецензент получит уведомление с причиной."] if review.reviewer_id else []
    context = {
        "title": "Не публиковать рецензию",
        "question": f"Работа «{review.version.work.title}», рецензент — {review.author_words}.",
        "effects": ["Автор работы рецензию не увидит.", *told],
        "form": form,
        "button": "Не публиковать",
        "danger": True,
        "back_url": reverse("portfolio:review_detail", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


def _refuse_others(request: HttpRequest) -> None:
    if not (rights.manages(request.user) or rights.leads_somebody(request.user)):
        raise Http404


def _seen(request: HttpRequest, pk: int) -> Review:
    rows = reviews.with_all(rights.reviews_seen(request.user, today()))
    return get_object_or_404(rows.select_related("version__work__owner"), pk=pk)


def _moderated(request: HttpRequest, pk: int) -> Review:
    rows = rights.reviews_moderated(request.user, today()).select_related("version__work__owner")
    return get_object_or_404(rows.select_related("reviewer", "invitation"), pk=pk)


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None
