"""Work programmes as everybody reads them: the list of a year, one programme with its plan and lists (1.3 a, 6.1)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.views.reports import xlsx
from eios.lib.access import requires
from eios.lib.conditional import shared_page
from eios.lib.dates import today
from resources import access, plan_hours, programme_xlsx, programmes
from resources.asker import Asker, asker_of
from resources.courses import complexes
from resources.courses.reading import serving
from resources.forms.programmes import ProgrammeFilterForm
from resources.models import Programme

PAGE = 50


@requires("programmes")
@require_safe
@shared_page
def programme_list(request: HttpRequest) -> HttpResponse:
    """Approved programmes of a year, by grade and subject; for authors, the way to their own."""
    asker = asker_of(request)
    form = ProgrammeFilterForm(request.GET)
    filters = form.values()
    year = programmes.year_of(filters["year"] or None, today())
    form.narrow(programmes.years(), programmes.subjects_of(year))
    context = {
        "form": form,
        "filters": filters,
        "is_narrowed": any(filters[name] for name in ("grade", "subject", "year")),
        "year": year,
        "page": Paginator(programmes.listed(year, filters), PAGE).get_page(request.GET.get("page")),
        "can_write": programmes.is_author(asker),
    }
    return render(request, "resources/programme_list.html", context)


@requires("programmes")
@require_safe
@shared_page
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: texts, thematic plan, what it uses, how it was approved."""
    asker = asker_of(request)
    programme = visible(asker, pk)
    topics = list(programme.topics.with_links())
    courses = serving(programme, asker)
    rights = programmes.rights(asker, programme)
    elements = list(access.elements_known_to(asker).filter(programmes=programme))
    for topic in topics:
        topic.open_courses = courses.get(topic.pk, [])
        topic.open_elements = [one for one in topic.elements.all() if one in elements]
    context = {
        "programme": programme,
        "topics": topics,
        "hours": sum(topic.hours for topic in topics),
        "elements": elements,
        "holdings": [*programme.resources.all(), *programme.editions.all()],
        "courses": courses.get(None, []),
        "complex": complexes.visible_to(asker).filter(programme=programme).first(),
        "can_begin_complex": complexes.may_begin(asker, programme),
        "rights": rights,
        "plan_hours": plan_hours.of(programme) if rights.moves else None,
        "former": programme.renewed_from,
    }
    return render(request, "resources/programme_detail.html", context)


@requires("programmes")
@require_safe
def programme_plan_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The thematic plan as XLSX, which the page of the plan reads back."""
    asker = asker_of(request)
    programme = visible(asker, pk)
    known = set(access.elements_known_to(asker).filter(programmes=programme).values_list("pk", flat=True))
    address = request.build_absolute_uri(programme.get_absolute_url())
    content = programme_xlsx.plan(programme, programme.topics.with_links(), request.school, known, address)
    return xlsx(content, f"Тематический план {programme.name} {programme.grades} {programme.year}".replace("/", "-"))


def visible(asker: Asker, pk: int) -> Programme:
    """The programme if the asker may read it. Raises Http404."""
    related = ("subject__area", "year", "author", "method_group", "order", "agreed_by", "file", "renewed_from__year")
    return get_object_or_404(programmes.visible_to(asker).select_related(*related), pk=pk)
