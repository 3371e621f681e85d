"""Reports of one class for whoever leads it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.classes import classes_of
from accounts.forms.reports import PeriodForm
from accounts.models import SchoolClass
from accounts.reports import movement
from eios.lib.access import requires
from eios.lib.dates import today


@requires("class-pages")
@require_safe
def class_movement(request: HttpRequest, pk: int) -> HttpResponse:
    """Who came to the class and left it in a period, by orders."""
    school_class = _own_class(request, pk)
    form = PeriodForm(request.GET, usual=movement.usual_period(today()))
    context = {
        "school_class": school_class,
        "form": form,
        "report": movement.movement(*form.days(), classes=[school_class]),
        "periods": movement.usual_periods(today()),
    }
    return render(request, "accounts/class_movement.html", context)


def _own_class(request: HttpRequest, pk: int) -> SchoolClass:
    return get_object_or_404(classes_of(request.user, today()).select_related("year"), pk=pk)
