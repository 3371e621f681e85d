"""Reviews of works: writing, answering, revoking; what waits to be read by the school first (1.3 d)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from portfolio import reviews, rights
from portfolio.actions import reviews as actions
from portfolio.forms.reviews import AnswerForm, ReasonForm, ReviewForm, TickedForm
from portfolio.models import Review, WorkVersion

FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE = 30


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def review_add(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Of a version that one sees; the rubric stands in the address."""
    versions = rights.versions_seen(request.user, today()).select_related("work", "work__subject")
    version = get_object_or_404(versions, work=pk, number=number)
    if not reviews.may_write(request.user, version):
        raise Http404
    rubrics = list(reviews.rubrics_for(version.work).prefetch_related("criteria"))
    chosen = request.GET.get("rubric", "")
    rubric = next((one for one in rubrics if str(one.pk) == chosen), None)
    form = ReviewForm(request.POST if request.method == "POST" else None, rubric=rubric)

    def write(by) -> Review:
        told = form.cleaned_data
        return actions.write(
            version, text=told["text"], mark=told["mark"], rubric=rubric, points=form.points, by=by
        )  # fmt: skip

    if is_taken(request, form, write, _written):
        return redirect(_address(version))
    context = {
        "form": form,
        "version": version,
        "work": version.work,
        "rubrics": rubrics,
        "rubric": rubric,
        "is_moderated": rights.capacity_of(request.user) in actions.MODERATED,
    }
    return render(request, "portfolio/review_add.html", context)


def _written(review: Review) -> str:
    if review.state == Review.State.WAITING:
        return "Рецензия отправлена: автор увидит её, когда её прочтёт школа."
    return "Рецензия опубликована: автор её видит."


def _address(version: WorkVersion) -> str:
    return f"{reverse('portfolio:work_detail', args=[version.work_id])}?version={version.number}"


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def review_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """By an author of the work."""
    review = _seen(request, pk)
    if not rights.is_author(request.user, review.version.work) or review.state != Review.State.PUBLISHED:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, instance=review)

    def answer(by) -> None:
        actions.answer(review, form.cleaned_data["answer"], by=by)

    if is_taken(request, form, answer, "Ответ опубликован."):
        return redirect(_address(review.version))
    return render(request, "portfolio/review_answer.html", {"form": form, "review": review})


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def review_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """With a reason, which the author of the work and the school see; the trace stays."""
    review = _seen(request, pk)
    is_moderated = rights.reviews_moderated(request.user, today()).filter(pk=pk).exists()
    if review.reviewer_id != request.user.pk and not is_moderated:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def revoke(by) -> None:
        actions.revoke(review, form.cleaned_data["reason"], by=by)

    if is_taken(request, form, revoke, "Рецензия отозвана."):
        return redirect(_address(review.version)) if not is_moderated else redirect("portfolio:moderation_list")
    context = {"form": form, "review": review, "title": "Отозвать рецензию", "button": "Отозвать"}
    return render(request, "portfolio/review_end.html", context)


# Moderation


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def moderation_list(request: HttpRequest) -> HttpResponse:
    """Reviews of pupils and of invited people that wait; POST publishes the ticked ones."""
    if not (rights.manages(request.user) or rights.leads_somebody(request.user)):
        raise Http404
    rows = reviews.waiting(request.user, today())
    if request.method == "POST":
        return _publish(request, TickedForm(request.POST, waiting=rows))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = [reviews.opinion_of(row) for row in page]
    return render(request, "portfolio/moderation_list.html", {"page": page, "shown": shown})


def _publish(request: HttpRequest, form: TickedForm) -> HttpResponse:
    def publish(by) -> tuple[int, list[str]]:
        return actions.publish_many(form.cleaned_data["reviews"], by=by)

    if not is_taken(request, form, publish, lambda made: f"Опубликовано рецензий: {made[0]}. " + " ".join(made[1])):
        messages.warning(request, "Отметьте хотя бы одну рецензию из списка.")
    return redirect("portfolio:moderation_list")


@requires("portfolio-desk")
@require_POST
def review_publish(request: HttpRequest, pk: int) -> HttpResponse:
    review = _moderated(request, pk)
    is_done(request, lambda by: actions.publish(review, by=by), "Рецензия опубликована.")
    return redirect("portfolio:moderation_list")


@requires("portfolio-desk")
@require_http_methods(FORM_METHODS)
def review_decline(request: HttpRequest, pk: int) -> HttpResponse:
    review = _moderated(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def decline(by) -> None:
        actions.decline(review, form.cleaned_data["reason"], by=by)

    if is_taken(request, form, decline, "Рецензия не опубликована, рецензент узнает причину."):
        return redirect("portfolio:moderation_list")
    context = {"form": form, "review": review, "title": "Не публиковать рецензию", "button": "Не публиковать"}
    return render(request, "portfolio/review_end.html", context)


def _seen(request: HttpRequest, pk: int) -> Review:
    rows = rights.reviews_seen(request.user, today()).select_related("version__work", "reviewer", "invitation")
    return get_object_or_404(rows, pk=pk)


def _moderated(request: HttpRequest, pk: int) -> Review:
    rows = rights.reviews_moderated(request.user, today()).select_related("version__work", "reviewer", "invitation")
    return get_object_or_404(rows, pk=pk)
