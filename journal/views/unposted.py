"""«Где я не выставил»: lessons that lack something, for the teacher; by teachers for those who see all (7.2)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import AcademicYear, User
from eios.lib.access import requires
from eios.lib.dates import today
from journal import entry_pages, rights, unposted
from journal.forms.entry import UnpostedForm
from journal.lesson_links import lesson_url

PAGE = 50


@requires("gradebooks")
@require_safe
def unposted_list(request: HttpRequest) -> HttpResponse:
    """The own lessons; for the management a line a teacher, and the lessons of the one in the address."""
    date = today()
    year = AcademicYear.objects.on(date).first()
    form = UnpostedForm(request.GET)
    filters = form.values()
    if year is None:
        return render(request, "journal/unposted_list.html", {"year": None})
    if not rights.reads_all(request.user):
        return _of_teacher(request, year, request.user, form)
    if filters["teacher"]:
        return _of_teacher(request, year, get_object_or_404(User, pk=filters["teacher"]), form)
    totals = unposted.totals_of(unposted.Scope(year, date))
    return render(request, "journal/unposted_totals.html", {"year": year, "totals": totals})


def _of_teacher(request: HttpRequest, year: AcademicYear, teacher: User, form: UnpostedForm) -> HttpResponse:
    scope = unposted.Scope(year, today(), teacher)
    lines = unposted.lines_of(scope)
    filters = form.values()
    page = Paginator(unposted.of_kind(lines, filters["kind"]), PAGE).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "teacher": teacher,
        "is_own": teacher == request.user,
        "form": form,
        "filters": filters,
        "kinds": unposted.counted(lines),
        "total": len(lines),
        "page": page,
        "rows": [(one, lesson_url(one.lesson, one.book.pk)) for one in page.object_list],
        "few": unposted.few_of(scope),
        "books": len(scope.books),
        "rules": entry_pages.rules_of(year),
    }
    return render(request, "journal/unposted_list.html", context)
