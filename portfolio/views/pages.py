"""The page of a portfolio: the pupil's own, the same for family and school, and the lists that lead to it (1.3 d,
11.1)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.models import User
from accounts.views.posting import is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from portfolio import freezing, record, rights, showcase, showing
from portfolio.actions import shares as actions
from portfolio.completeness import completeness, facts_of
from portfolio.forms.shares import CoverForm
from portfolio.models import Portfolio, PortfolioRules


@requires("portfolio")
@require_safe
def portfolio_own(request: HttpRequest) -> HttpResponse:
    """The pupil's own."""
    _refuse_others(request)
    return _page(request, request.user)


@requires("portfolio")
@require_safe
def portfolio_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A pupil's, for the parents, the class teacher and the management."""
    pupil = get_object_or_404(rights.pupils_seen(request.user, today()), pk=pk)
    if pupil.pk == request.user.pk:
        return redirect("portfolio:portfolio_own")
    return _page(request, pupil)


def _page(request: HttpRequest, pupil: User) -> HttpResponse:
    content = showing.portfolio_of(pupil, request.user, today())
    is_own = pupil.pk == request.user.pk
    context = {
        "pupil": pupil,
        "school_class": pupil.school_class_now,
        "is_own": is_own,
        "is_family": is_own or rights.family_of(request.user, today()).filter(pk=pupil.pk).exists(),
        "is_frozen": freezing.is_frozen(pupil),
        "states": showing.states_of(pupil, request.user, today()),
        "content": content,
        "chart": showcase.chart_of(content),
        "years": showcase.years_of(content),
        "results": record.results_of(pupil),
        "rules": PortfolioRules.current(),
    }
    if is_own and not context["is_frozen"]:
        context["completeness"] = completeness(facts_of([pupil], today())[pupil.pk])
    return render(request, "portfolio/portfolio_detail.html", context)


@requires("portfolio")
@require_http_methods(["GET", "HEAD", "POST"])
def portfolio_change(request: HttpRequest) -> HttpResponse:
    """The own picture, motto and words."""
    _refuse_others(request)
    row = Portfolio.objects.filter(pupil=request.user).select_related("cover").first()
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CoverForm(*given, instance=row or Portfolio(pupil=request.user))

    def save(by: Actor) -> None:
        values = form.cleaned_data
        actions.save_cover(
            request.user, motto=values["motto"], about=values["about"], cover=values["picture"], by=by
        )  # fmt: skip

    if is_taken(request, form, save, "Сохранено.", upload="picture"):
        return redirect("portfolio:portfolio_own")
    context = {"form": form, "is_frozen": freezing.is_frozen(request.user)}
    return render(request, "portfolio/portfolio_change.html", context)


@requires("portfolio")
@require_safe
def child_list(request: HttpRequest) -> HttpResponse:
    """A parent's children at school; for others there is no such page."""
    if not request.user.is_parent:
        raise Http404
    lines = showing.lines_of(showing.children_of(request.user, today()))
    return render(request, "portfolio/child_list.html", {"lines": lines})


@requires("portfolio-desk")
@require_safe
def class_list(request: HttpRequest) -> HttpResponse:
    """Classes that the person leads."""
    lines = showing.classes(request.user, today())
    if not lines and not (rights.manages(request.user) or rights.leads_somebody(request.user)):
        raise Http404
    return render(request, "portfolio/class_list.html", {"lines": lines})


@requires("portfolio-desk")
@require_safe
def class_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Pupils of a class with what each of them has."""
    room = get_object_or_404(rights.classes_led(request.user, today()), pk=pk)
    pupils = User.objects.in_classes([room], today()).order_by("sort_name", "pk")
    context = {"school_class": room, "lines": showing.lines_of(pupils)}
    return render(request, "portfolio/class_detail.html", context)


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.is_pupil:
        raise Http404
