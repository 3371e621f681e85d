"""Invitations of outsiders: made, listed, revoked; and the page that the personal link opens (1.3 d)."""

import uuid

from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.limits import NetworkLimit, TooOften
from accounts.views.files import sent
from accounts.views.posting import is_done, is_taken
from eios.lib import qr
from eios.lib.access import public, requires
from eios.lib.dates import today
from eios.lib.network import client_address
from portfolio import invitations, works
from portfolio.actions import invitations as actions
from portfolio.actions import reviews as review_actions
from portfolio.forms.reviews import InvitedForm, InviteForm
from portfolio.models import Invitation, PortfolioRules, WorkFile, WorkVersion
from portfolio.views.reviews import FORM_METHODS, review_form
from portfolio.views.shown import unlisted

PAGE = 30
# Wrong codes and posted reviews; pages and files of a living link are not counted.
USES = NetworkLimit("invited-review", most=30, most_in_school=300)


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def invitation_add(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A personal link for an outsider, shown once in the answer."""
    seen = invitations.versions_to_invite(request.user, today()).select_related("work__owner")
    version = get_object_or_404(seen, work=pk, number=number)
    form = InviteForm(request.POST if request.method == "POST" else None)
    made: list[tuple[Invitation, str]] = []

    def save(by: Actor) -> None:
        made.append(actions.invite(version, **form.cleaned_data, by=by))

    if is_taken(request, form, save):
        return _shown(request, version, *made[0])
    context = {
        "version": version,
        "work": version.work,
        "form": form,
        "days": PortfolioRules.current().invitation_days,
        "may_be_shown": invitations.may_be_shown(version.work, today()),
    }
    return render(request, "portfolio/invitation_add.html", context)


def _shown(request: HttpRequest, version: WorkVersion, invitation: Invitation, code: str) -> HttpResponse:
    url = request.build_absolute_uri(reverse("portfolio:invited", args=[code]))
    context = {"version": version, "work": version.work, "invitation": invitation, "url": url, "qr": qr.picture(url)}
    return render(request, "portfolio/invitation_shown.html", context)


@requires("portfolio")
@require_safe
def invitation_list(request: HttpRequest) -> HttpResponse:
    """Those that the person made, to the own works, and to works of the led classes."""
    page = Paginator(invitations.seen(request.user, today()), PAGE).get_page(request.GET.get("page"))
    rows = [(one, *invitations.state_of(one)) for one in page]
    return render(request, "portfolio/invitation_list.html", {"page": page, "rows": rows})


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(invitations.seen(request.user, today()), pk=pk)
    if request.method == "POST":
        is_done(request, lambda by: actions.revoke(invitation, by=by), "Приглашение отозвано.")
        return redirect("portfolio:invitation_list")
    context = {
        "title": "Отозвать приглашение",
        "question": f"{invitation}. Работа «{invitation.version.work.title}».",
        "effects": ["Ссылка сразу перестанет открываться, и вернуть её нельзя."],
        "button": "Отозвать",
        "danger": True,
        "back_url": reverse("portfolio:invitation_list"),
    }
    return render(request, "ui/confirm.html", context)


# By the link


@public
@unlisted
@never_cache
@require_http_methods(FORM_METHODS)
def invited(request: HttpRequest, code: str) -> HttpResponse:
    """The one version and the form of a review; used, expired, revoked and unknown codes get the same page."""
    invitation = invitations.by_code(code, today())
    if invitation is None or request.method == "POST":
        try:
            USES.count(client_address(request), request.school.local_networks)
        except TooOften as refusal:
            return _too_often(request, refusal)
    if invitation is None:
        return render(request, "portfolio/invited_dead.html", status=404)
    work = invitation.version.work
    signer = signing.TimestampSigner(salt=f"portfolio.invited.{invitation.pk}")
    form, offered = review_form(request, work, InvitedForm, signer=signer)

    def save(by: Actor) -> None:
        review_actions.write_invited(invitation, form.draft(), by=by)

    if is_taken(request, form, save):
        return redirect("portfolio:invited_sent")
    context = {
        "invitation": invitation,
        "code": code,
        "work": work,
        "shown": works.version_page(invitation.version),
        "authors": invitations.author_words(work, today()),
        "form": form,
        "rubrics": offered,
    }
    return render(request, "portfolio/invited.html", context)


def _too_often(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    response = render(request, "portfolio/invited_wait.html", {"text": refusal.text}, status=429)
    response["Retry-After"] = str(refusal.wait)
    return response


@public
@unlisted
@never_cache
@require_safe
def invited_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "portfolio/invited_sent.html")


@public
@unlisted
@never_cache
@require_safe
def invited_file(request: HttpRequest, code: str, key: uuid.UUID) -> HttpResponseBase:
    """A file of the version under review, while the link lives."""
    invitation = invitations.by_code(code, today())
    if invitation is None:
        raise Http404
    rows = WorkFile.objects.filter(version=invitation.version_id).select_related("file")
    return sent(request, get_object_or_404(rows, file=key).file)
