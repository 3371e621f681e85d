"""The authors' desk: own courses, a course's card, its co-authors."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.models import User
from eios.lib.access import requires
from eios.lib.filetypes import FileRefused
from resources import materials
from resources.actions.courses import authors, drafts
from resources.asker import Asker, asker_of
from resources.courses import life, rights
from resources.forms.courses.desk import AuthorSearchForm, CourseForm, DeskFilterForm, PersonForm
from resources.models import Course
from resources.views.courses.shared import FORM_METHODS, allowed, at_desk, desk_page

PAGE = 50
FOUND = 20


@requires("course-desk")
@require_safe
def course_desk(request: HttpRequest) -> HttpResponse:
    """Own courses, those written with others, those to review; everybody's for those who run the section."""
    asker = _author(request)
    form = DeskFilterForm(request.GET)
    filters = form.values()
    rows = _chosen(rights.at_desk_of(asker).for_lists(), filters, asker)
    context = {
        "form": form,
        "filters": filters,
        "page": Paginator(rows.order_by("-changed_at", "-pk"), PAGE).get_page(request.GET.get("page")),
        "sees_board": rights.runs(asker) or bool(life.groups_of_board(asker)),
    }
    return render(request, "resources/course_desk.html", context)


def _chosen(rows, filters: dict[str, str], asker: Asker):
    rows = rows.matching(filters["q"])
    if filters["subject"]:
        rows = rows.filter(subject=filters["subject"])
    if filters["grade"]:
        rows = rows.for_grade(int(filters["grade"]))
    if filters["state"] == "overdue":
        return rows.filter(pk__in=life.overdue(asker.date).values("pk"))
    return rows.filter(state=filters["state"]) if filters["state"] else rows


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def course_add(request: HttpRequest) -> HttpResponse:
    """A new course; the author's ШМО stands there already."""
    asker = _author(request)
    first = {"method_group": materials.method_group_of(asker.person)}
    form = CourseForm(*_typed(request), initial=first)
    if _is_done(request, form, lambda by: drafts.begin(form.instance, form.cleaned_data["upload"], by=by)):
        messages.success(request, "Черновик начат: его видите только вы. Добавьте первую страницу.")
        return redirect("resources:desk_course", form.instance.pk)
    return render(request, "resources/course_add.html", {"form": form})


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_card(request: HttpRequest, pk: int) -> HttpResponse:
    """What the course is called, for whom, to whom it opens."""
    course = allowed(request, pk, "write")
    form = CourseForm(*_typed(request), instance=Course.objects.get(pk=pk))

    def save(by: Actor) -> None:
        drafts.save_course(form.instance, form.cleaned_data["upload"], seen=form.cleaned_data["seen"], by=by)

    if _is_done(request, form, save):
        messages.success(request, "Сохранено.")
        return redirect("resources:desk_course_card", pk)
    return desk_page(request, course, "desk_course_card", "resources/course_card.html", {"form": form})


@requires("course-desk")
@require_safe
def desk_course_authors(request: HttpRequest, pk: int) -> HttpResponse:
    """Who writes the course; a search for one more."""
    course = at_desk(request, pk)
    form = AuthorSearchForm(request.GET)
    query = form.cleaned_data["q"] if form.is_valid() else ""
    writers = life.writers(course)
    people = User.objects.alive(asker_of(request).date).filter(standing_employee=True).matching(query)
    found = people.exclude(pk__in=[one.pk for one in writers]).order_by("sort_name", "pk")[:FOUND]
    context = {"writers": writers, "form": form, "query": query, "found": found if query else []}
    return desk_page(request, course, "desk_course_authors", "resources/course_authors.html", context)


@requires("course-desk")
@require_http_methods(["POST"])
def desk_course_author_add(request: HttpRequest, pk: int) -> HttpResponse:
    return _author_act(request, pk, authors.add_author, "Соавтор добавлен.")


@requires("course-desk")
@require_http_methods(["POST"])
def desk_course_author_remove(request: HttpRequest, pk: int) -> HttpResponse:
    return _author_act(request, pk, authors.remove_author, "Соавтор убран.")


def _author_act(request: HttpRequest, pk: int, act, done: str) -> HttpResponse:
    course = allowed(request, pk, "share")
    form = PersonForm(request.POST)
    person = get_object_or_404(User, pk=form.cleaned_data["person"] if form.is_valid() else 0)
    try:
        act(course, person, by=Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return redirect("resources:desk_course_authors", pk)


def _author(request: HttpRequest) -> Asker:
    asker = asker_of(request)
    if not rights.may_begin(asker):
        raise PermissionDenied
    return asker


def _typed(request: HttpRequest) -> tuple:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _is_done(request: HttpRequest, form: CourseForm, act) -> bool:
    """Is it a post that the action took? A refusal stands in the form, with all that was typed."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(Actor.of(request))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    except FileRefused as refusal:
        form.add_error("upload", str(refusal))
    return form.is_valid()
