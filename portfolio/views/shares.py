"""To whom a portfolio is shown: the pupil's list, a new share, its end; the parents' look at it (1.3 d)."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.models import User
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from portfolio import freezing, rights, sharing
from portfolio.actions import shares as actions
from portfolio.forms.shares import ShareForm
from portfolio.models import PortfolioRules, Share

PAGE = 30


@requires("portfolio")
@require_safe
def share_list(request: HttpRequest) -> HttpResponse:
    """The own shares."""
    _refuse_others(request)
    return _list(request, request.user)


@requires("portfolio")
@require_safe
def pupil_share_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A child's, for the parents."""
    return _list(request, get_object_or_404(rights.family_of(request.user, today()), pk=pk))


def _list(request: HttpRequest, pupil: User) -> HttpResponse:
    rows = sharing.listed(rights.shares_kept(request.user, today()).filter(pupil=pupil))
    is_own = pupil.pk == request.user.pk
    context = {
        "pupil": pupil,
        "is_own": is_own,
        "is_frozen": freezing.is_frozen(pupil),
        "consent": sharing.state_of(pupil, today()),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "now": timezone.now(),
        "has_invitations": PortfolioRules.current().outsiders_review,
    }
    return render(request, "portfolio/share_list.html", context)


@requires("portfolio")
@require_http_methods(["GET", "HEAD", "POST"])
def share_add(request: HttpRequest) -> HttpResponse:
    """A selection for a person, a class or a secret link; the link's address is in the answer and nowhere else."""
    _refuse_others(request)
    pupil, made = request.user, []
    days = PortfolioRules.current().share_days
    data = request.POST if request.method == "POST" else None
    form = ShareForm(data, pupil=pupil, date=today(), initial={"days": days})

    def share(by: Actor) -> None:
        made.append(actions.share(pupil, _asked(form.cleaned_data), by=by))

    if not is_taken(request, form, share, lambda _: "" if made[0][1] else "Портфолио показано."):
        consent = sharing.state_of(pupil, today())
        context = {"form": form, "consent": consent, "is_own": True, "pupil": pupil, "days": days}
        return render(request, "portfolio/share_add.html", context | {"is_frozen": freezing.is_frozen(pupil)})
    row, code = made[0]
    if not code:
        return redirect("portfolio:share_list")
    link = request.build_absolute_uri(reverse("portfolio:show", args=[code]))
    return render(request, "portfolio/share_made.html", {"share": row, "link": link})


def _asked(values: dict) -> actions.Asked:
    return actions.Asked(
        achievements=list(values["achievements"]), works=list(values["works"]), days=values["days"],
        with_cover=values["with_cover"], title=values["title"], person=values["person"],
        school_class=values["school_class"],
    )  # fmt: skip


@requires("portfolio")
@require_http_methods(["GET", "HEAD", "POST"])
def share_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """At once, by the pupil or the parents."""
    rows = rights.shares_kept(request.user, today())
    row = get_object_or_404(rows.select_related("pupil", "person", "school_class"), pk=pk)
    back = _list_url(request, row)
    if request.method == "POST":
        is_done(request, lambda by: actions.withdraw(row, by=by), "Отозвано: больше никто этого не увидит.")
        return redirect(back)
    context = {
        "title": "Отозвать показ",
        "question": f"{sharing.to_words(row)}{_purpose(row)}, с {timezone.localtime(row.created_at):%d.%m.%Y}.",
        "effects": ["Страница и файлы на ней сразу перестанут открываться. Вернуть этот показ нельзя, можно начать "
                    "новый: у него будет другая ссылка."],
        "button": "Отозвать",
        "danger": True,
        "back_url": back,
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


def _purpose(row: Share) -> str:
    """Two links are told apart by what they were made for."""
    return f" («{row.title}»)" if row.title else ""


def _list_url(request: HttpRequest, row: Share) -> str:
    if row.pupil_id == request.user.pk:
        return reverse("portfolio:share_list")
    return reverse("portfolio:pupil_share_list", args=[row.pupil_id])


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.is_pupil:
        raise Http404
