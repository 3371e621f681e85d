"""The yearly review of elements (3.1): overviews of all and of the own ones, and the page of one at its desk."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts import exports
from accounts.views.posting import is_taken
from eios.lib.access import ADMINISTER, requires
from eios.lib.dates import today
from resources import access, desk, review_export, reviews
from resources.actions import reviews as actions
from resources.asker import asker_of
from resources.forms.reviews import ReviewFilterForm, ReviewForm
from resources.models import Review

PAGE_SIZE = 50


@requires("registry", to=ADMINISTER)
@require_safe
def element_reviews(request: HttpRequest) -> HttpResponse:
    """All elements: which are due, which were never reviewed, which outside services are not described (3.1, 5.1)."""
    return render(request, "resources/element_reviews.html", {"is_whole": True, **_overview(request)})


@requires("registry", to=ADMINISTER)
@require_safe
def element_reviews_export(request: HttpRequest) -> HttpResponse:
    """The same list as XLSX, all of it."""
    filters, date = ReviewFilterForm(request.GET).values(), today()
    rows = reviews.rows(reviews.matching(filters, date), date)
    name = content_disposition_header(True, f"Проверки элементов {date:%d.%m.%Y}.xlsx")
    content = review_export.as_xlsx(rows, request.school)
    return HttpResponse(content, content_type=exports.MEDIA_TYPE, headers={"Content-Disposition": name})


@requires("desk")
@require_safe
def desk_reviews(request: HttpRequest) -> HttpResponse:
    """The same of the elements that one administers."""
    mine = access.elements_administered_by(asker_of(request))
    return render(request, "resources/desk_reviews.html", {"is_whole": False, **_overview(request, mine)})


def _overview(request: HttpRequest, among=None) -> dict:
    form, date = ReviewFilterForm(request.GET), today()
    filters = form.values()
    page = Paginator(reviews.matching(filters, date, among), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = reviews.rows(page.object_list, date)
    return {"form": form, "filters": filters, "page": page, "is_filtered": any(filters.values())}


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def desk_review(request: HttpRequest, slug: str) -> HttpResponse:
    """The history of an element's reviews; POST adds one."""
    element = desk.element_of(request, slug)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if is_taken(
        request,
        form,
        lambda by: actions.add_review(element, **form.cleaned_data, by=by),
        lambda review: f"Проверка записана. Следующая — не позднее {review.next_due:%d.%m.%Y}.",
    ):
        return redirect("resources:desk_review", slug)
    history = list(Review.objects.newest_of(element).select_related("by"))
    context = {
        "element": element,
        "tabs": desk.tabs(element, "desk_review"),
        "form": form,
        "history": history,
        "row": reviews.Row(element, history[0] if history else None, None, today()),
    }
    return render(request, "resources/desk_review.html", context)
