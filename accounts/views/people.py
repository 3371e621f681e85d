"""People: the list and the card for the management, pupils of a class for its teacher, classes of past years."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts import people
from accounts.blocking_scope import people_within
from accounts.classes import classes_of, members_of, readable_classes, readable_years, with_leaders
from accounts.forms.people import PeopleFilterForm
from accounts.models import User
from accounts.models.people import MANAGEMENT_LEVEL
from eios.lib.access import requires
from eios.lib.dates import today

PAGE = 50


@requires("people")
@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """Everybody, the former ones too, by name, status and class."""
    date = today()
    form = PeopleFilterForm(request.GET, classes=classes_of(request.user, date))
    filters = form.values()
    page = Paginator(people.listed(filters, date), PAGE).get_page(request.GET.get("page"))
    rows = [people.Row(person, date) for person in page.object_list]
    context = {"form": form, "filters": filters, "page": page, "rows": rows, "is_filtered": any(filters.values())}
    return render(request, "accounts/person_list.html", context)


@requires("people")
@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The card of a person: the place at school with its orders, kin, the account (6.5-6.7)."""
    get_object_or_404(User, pk=pk)
    context = {
        "card": people.card_of(pk, today()),
        "can_open_orders": True,
        "can_open_people": True,
        "can_see_trail": request.user.is_system_administrator,
        "can_block": people_within(request.user, today()).filter(pk=pk).exists(),
    }
    return render(request, "accounts/person_detail.html", context)


@requires("class-pages")
@require_safe
def class_year(request: HttpRequest, pk: int) -> HttpResponse:
    """Classes of a past or coming year, for the management; others find none."""
    year = get_object_or_404(readable_years(request.user), pk=pk)
    date = min(max(today(), year.starts), year.ends)
    classes = with_leaders(year.classes.order_by("grade", "letter"), date)
    context = {"year": year, "date": date, "classes": classes, "years": readable_years(request.user)}
    return render(request, "accounts/class_year.html", context)


@requires("class-pages")
@require_safe
def class_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Pupils of a class today, of a past year as of its last day, with those who left during the year."""
    one = get_object_or_404(with_leaders(readable_classes(request.user), today()).select_related("year"), pk=pk)
    date = min(max(today(), one.year.starts), one.year.ends)
    here, gone = members_of(one, date)
    context = {
        "school_class": one,
        "date": date,
        "is_now": one.year.starts <= today() <= one.year.ends,
        "here": here,
        "gone": gone,
        "can_open_people": request.user.level >= MANAGEMENT_LEVEL,
    }
    return render(request, "accounts/class_detail.html", context)


@requires("class-pages")
@require_safe
def class_pupil(request: HttpRequest, pk: int, pupil_pk: int) -> HttpResponse:
    """The card of a pupil of the own class; anybody else is not found."""
    one = get_object_or_404(classes_of(request.user, today()), pk=pk)
    here, _ = members_of(one, today())
    if pupil_pk not in {row.pupil_id for row in here}:
        raise Http404
    can_open = request.user.level >= MANAGEMENT_LEVEL
    context = {
        "card": people.card_of(pupil_pk, today()),
        "school_class": one,
        "can_open_orders": can_open,
        "can_open_people": can_open,
        "can_see_trail": False,
        "can_block": people_within(request.user, today()).filter(pk=pupil_pk).exists(),
    }
    return render(request, "accounts/person_detail.html", context)
