"""The pages of a course as its authors write them: the tree, the editor with preview and autosave, versions (1.6)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from eios.lib.access import requires
from resources import edition_diff
from resources.actions.courses import parts as actions
from resources.courses import life
from resources.courses.links import Links, links_of
from resources.courses.players import with_any_players, with_players
from resources.courses.rendering import render as draw
from resources.courses.tree import places
from resources.forms.courses.desk import CompareForm, PageForm, PartForm, PreviewForm, RenameForm, WayForm
from resources.models import Course, CoursePart
from resources.views.courses.shared import FORM_METHODS, allowed, at_desk, desk_page

TAB = "desk_course"
DRAWN = "resources/_course_drawn.html"


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course(request: HttpRequest, pk: int) -> HttpResponse:
    """The tree of sections and pages; a post adds one."""
    course = at_desk(request, pk) if request.method != "POST" else allowed(request, pk, "write")
    form = PartForm(request.POST if request.method == "POST" else None, sections=_sections(course))
    if request.method == "POST" and form.is_valid():
        try:
            part = actions.add_part(course, **form.cleaned_data, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, f"Добавлено: «{part}».")
            return redirect("resources:desk_course_page", pk, part.pk) if part.is_page else redirect(request.path)
    context = {
        "form": form,
        "places": places(course),
        "removed": course.parts.filter(removed_at__isnull=False).defer("text").order_by("-removed_at")[:50],
    }
    return desk_page(request, course, TAB, "resources/course_tree.html", context)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_part(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """The name of a section or page and where it stands."""
    course = allowed(request, pk, "write")
    row = _part(course, part)
    data = request.POST if request.method == "POST" else None
    form = RenameForm(data, sections=_sections(course).exclude(pk=part),
                      initial={"title": row.title, "parent": row.parent_id})  # fmt: skip
    if request.method == "POST" and form.is_valid():
        by = Actor.of(request)
        try:
            actions.rename_part(row, title=form.cleaned_data["title"], by=by)
            actions.put_into(row, form.cleaned_data["parent"], by=by)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect("resources:desk_course", pk)
    return desk_page(request, course, TAB, "resources/course_part.html", {"form": form, "part": row})


@requires("course-desk")
@require_POST
def desk_course_part_move(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """One place up or down in its section."""
    course = allowed(request, pk, "write")
    form = WayForm(request.POST)
    if form.is_valid():
        actions.move_part(_part(course, part), up=form.cleaned_data["way"] == "up", by=Actor.of(request))
    return redirect("resources:desk_course", pk)


@requires("course-desk")
@require_POST
def desk_course_part_remove(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Out of the course; it can be brought back."""
    course = allowed(request, pk, "write")
    row = _part(course, part)
    actions.remove_part(row, by=Actor.of(request))
    messages.success(request, f"Убрано: «{row}». Вернуть можно внизу этой страницы.")
    return redirect("resources:desk_course", pk)


@requires("course-desk")
@require_POST
def desk_course_part_restore(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    course = allowed(request, pk, "write")
    row = get_object_or_404(course.parts.filter(removed_at__isnull=False), pk=part)
    actions.restore_part(row, by=Actor.of(request))
    messages.success(request, f"Возвращено: «{row}».")
    return redirect("resources:desk_course", pk)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
@with_any_players
def desk_course_page(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """The editor of a page. A stale save comes back with both texts; nothing typed is lost."""
    course = allowed(request, pk, "write")
    page = _page(course, part)
    first = {"title": page.title, "text": page.text, "version": page.version}
    form = PageForm(request.POST if request.method == "POST" else None, initial=first)
    context = {"page": page, "form": form, "media": course.media.select_related("file")}
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.save_text(
                page, title=values["title"], text=values["text"], seen=values["version"], by=Actor.of(request)
            )
        except actions.StaleText as stale:
            form.add_error(None, stale.messages)
            form.data = form.data.copy()
            form.data["version"] = stale.part.version
            context |= {"stored": stale.part, "difference": edition_diff.compare(stale.part.text, values["text"])}
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, "Страница сохранена.")
            return redirect("resources:desk_course_page", pk, part)
    text = form["text"].value() or ""
    context |= {"drawn": draw(text, _links(course)), "order": _neighbours(course, page)}
    return desk_page(request, course, TAB, "resources/course_edit.html", context)


@requires("course-desk")
@require_POST
def desk_course_autosave(request: HttpRequest, pk: int, part: int) -> JsonResponse:
    """The editor's own saving: 200 with the new version, 409 with what another stored, 400 with words."""
    course = allowed(request, pk, "write")
    page, form = _page(course, part), PageForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(sum(form.errors.values(), []))}, status=400)
    values = form.cleaned_data
    try:
        saved = actions.save_text(
            page, title=values["title"], text=values["text"], seen=values["version"], by=Actor.of(request)
        )
    except actions.StaleText as stale:
        stored = {"title": stale.part.title, "text": stale.part.text, "version": stale.part.version}
        return JsonResponse({"error": " ".join(stale.messages), "stored": stored}, status=409)
    except ValidationError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=400)
    return JsonResponse({"version": saved.version, "at": f"{timezone.localtime(saved.changed_at):%H:%M}"})


@requires("course-desk")
@require_POST
def desk_course_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """How the typed text will look; nothing is kept."""
    course = allowed(request, pk, "write")
    form = PreviewForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    return render(request, DRAWN, {"drawn": draw(text, _links(course))})


@requires("course-desk")
@require_safe
def desk_course_versions(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """What the page has been; any two compared."""
    course = at_desk(request, pk)
    page = _page(course, part)
    texts = list(page.texts.select_related("made_by").defer("text")[:200])
    form = CompareForm(request.GET)
    old, new = (form.cleaned_data.get("old"), form.cleaned_data.get("new")) if form.is_valid() else (None, None)
    chosen = {text.number: text for text in page.texts.filter(number__in=[old or 0, new or 0])}
    context = {"page": page, "texts": texts, "old": old, "new": new}
    if old in chosen and new in chosen:
        context["difference"] = edition_diff.compare(chosen[old].text, chosen[new].text)
    return desk_page(request, course, TAB, "resources/course_versions.html", context)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
@with_players
def desk_course_version(request: HttpRequest, pk: int, part: int, version: int) -> HttpResponse:
    """A former version as it looked; a post makes it the newest one."""
    course = at_desk(request, pk) if request.method != "POST" else allowed(request, pk, "write")
    page = _page(course, part)
    former = get_object_or_404(page.texts.select_related("made_by"), number=version)
    if request.method == "POST":
        try:
            actions.restore_text(page, version, seen=page.version, by=Actor.of(request))
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"Возвращена версия {version}. Она стала новой: прежние остались.")
            return redirect("resources:desk_course_page", pk, part)
    context = {"page": page, "former": former, "drawn": draw(former.text, _links(course))}
    return desk_page(request, course, TAB, "resources/course_version.html", context)


def _links(course: Course) -> Links:
    return links_of(course, lambda page: life.review_page(course.pk, page.pk))


def _sections(course: Course):
    return course.parts.standing().filter(kind=CoursePart.Kind.SECTION)


def _part(course: Course, part: int) -> CoursePart:
    return get_object_or_404(course.parts.standing().select_related("parent"), pk=part)


def _page(course: Course, part: int) -> CoursePart:
    rows = course.parts.standing().filter(kind=CoursePart.Kind.PAGE).select_related("course", "changed_by")
    return get_object_or_404(rows, pk=part)


def _neighbours(course: Course, page: CoursePart) -> tuple[CoursePart | None, CoursePart | None]:
    pages = [place.part for place in places(course) if place.part.is_page]
    here = next(number for number, one in enumerate(pages) if one.pk == page.pk)
    return pages[here - 1] if here else None, pages[here + 1] if here + 1 < len(pages) else None
