"""E-learning complexes (ЭУМК; 4.5 row 18): read by all, filled topic by topic; and what a course serves (1.6)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.models import AcademicYear
from eios.lib.access import requires
from eios.lib.conditional import shared_page
from resources.actions.courses import complexes as actions
from resources.actions.courses import drafts
from resources.asker import asker_of
from resources.courses import complexes
from resources.forms.courses.complexes import AnnotationForm, ComplexFilterForm, QueryForm, ServesForm, ThingsForm
from resources.models import Programme, StudyComplex, Topic
from resources.views.courses.shared import FORM_METHODS, allowed, at_desk, desk_page

PAGE = 50
MOST = 60


@requires("courses")
@require_safe
@shared_page
def complex_list(request: HttpRequest) -> HttpResponse:
    """Open complexes, by year, grade and subject, each with how full it is."""
    asker = asker_of(request)
    form = ComplexFilterForm(request.GET, years=complexes.years())
    filters = form.values()
    page = Paginator(complexes.listed(asker, filters), PAGE).get_page(request.GET.get("page"))
    return render(request, "resources/complex_list.html", {"form": form, "filters": filters, "page": page})


@requires("courses")
@require_safe
@shared_page
def complex_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A complex topic by topic, of what opens to the visitor."""
    asker = asker_of(request)
    rows = complexes.visible_to(asker).select_related("programme__subject", "programme__year", "keeper")
    one = get_object_or_404(rows, pk=pk)
    context = {
        "one": one,
        "table": complexes.table_of(one, asker),
        "may_fill": asker.person is not None and complexes.kept_by(asker).filter(pk=pk).exists(),
    }
    return render(request, "resources/complex_detail.html", context)


@requires("course-desk")
@require_POST
def complex_begin(request: HttpRequest, programme: int) -> HttpResponse:
    """A complex for an approved programme."""
    row = get_object_or_404(Programme.objects.approved(), pk=programme)
    if not complexes.may_begin(asker_of(request), row):
        raise PermissionDenied
    try:
        one = actions.begin(row, by=Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect(row.get_absolute_url())
    messages.success(request, "Комплекс начат: пока его видите только вы. Наполните темы и откройте его всем.")
    return redirect(one.get_absolute_url())


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_about(request: HttpRequest, pk: int) -> HttpResponse:
    one = _kept(request, pk)
    form = AnnotationForm(_data(request), initial={"annotation": one.annotation})
    if request.method == "POST" and form.is_valid():
        actions.describe(one, annotation=form.cleaned_data["annotation"], by=Actor.of(request))
        return redirect(one.get_absolute_url())
    return render(request, "resources/complex_about.html", {"one": one, "form": form})


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_fill(request: HttpRequest, pk: int, topic: int = 0) -> HttpResponse:
    """What stands at a topic, or for the whole complex: ticked among what is offered."""
    one = _kept(request, pk)
    row = get_object_or_404(Topic, pk=topic, programme=one.programme_id) if topic else None
    search = QueryForm(request.GET)
    query = search.cleaned_data["q"] if search.is_valid() else ""
    offered = complexes.offered(one, query, asker_of(request))
    stand = {kind: list(one.items.filter(topic=row, **{f"{kind}__isnull": False}).values_list(f"{kind}_id", flat=True))
             for kind in complexes.KINDS}  # fmt: skip
    shown = {kind: list(dict.fromkeys([*stand[kind], *rows.values_list("pk", flat=True)[:MOST]]))
             for kind, rows in offered.items()}  # fmt: skip
    rows = {kind: complexes.MODELS[kind].objects.filter(pk__in=keys) for kind, keys in shown.items()}
    form = ThingsForm(_data(request), offered=rows, initial=stand)
    if request.method == "POST" and form.is_valid():
        try:
            actions.fill(one, row, form.cleaned_data, among=shown, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, "Записано.")
            return redirect(f"{one.get_absolute_url()}#topic-{topic}")
    context = {"one": one, "topic": row, "form": form, "search": search, "query": query}
    return render(request, "resources/complex_fill.html", context)


@requires("course-desk")
@require_POST
def complex_take(request: HttpRequest, pk: int) -> HttpResponse:
    """What the programme lists, at once."""
    one = _kept(request, pk)
    added = actions.take_from_programme(one, by=Actor.of(request))
    messages.success(request, f"Взято из программы: {added}." if added else "Всё, что есть в программе, уже здесь.")
    return redirect(one.get_absolute_url())


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def complex_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Open to all, or closed again; asked once more."""
    one = _kept(request, pk)
    if request.method == "POST":
        actions.set_open(one, is_open=not one.is_open, by=Actor.of(request))
        return redirect(one.get_absolute_url())
    context = {
        "title": "Закрыть комплекс" if one.is_open else "Открыть комплекс всем",
        "question": f"{one}.",
        "effects": ["Его увидят только те, кто ведёт комплекс."] if one.is_open
        else ["Комплекс прочтут все, и без входа; закрытые курсы в нём увидят только те, кому они открыты."],
        "button": "Закрыть" if one.is_open else "Открыть",
        "back_url": one.get_absolute_url(),
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_topics(request: HttpRequest, pk: int) -> HttpResponse:
    """Which programmes and topics the course serves (1.6)."""
    course = allowed(request, pk, "write") if request.method == "POST" else at_desk(request, pk)
    year = AcademicYear.objects.on(asker_of(request).date).first()
    form = ServesForm(_data(request), course=course, year=year)
    if request.method == "POST" and form.is_valid():
        try:
            drafts.link_topics(course, **form.cleaned_data, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, "Записано. Курс стоит у этих тем на страницах программ, когда он опубликован.")
            return redirect(request.path)
    return desk_page(request, course, "desk_course_topics", "resources/course_topics.html", {"form": form})


def _kept(request: HttpRequest, pk: int) -> StudyComplex:
    rows = complexes.kept_by(asker_of(request)).select_related("programme__subject", "programme__year")
    return get_object_or_404(rows, pk=pk)


def _data(request: HttpRequest):
    return request.POST if request.method == "POST" else None
