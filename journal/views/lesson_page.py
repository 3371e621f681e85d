"""The page of a lesson: read by those who see the gradebook, filled by its teacher (1.3 b, 2.2, 7.2)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.views.posting import is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from journal import homework as homeworks
from journal import lessons
from journal.actions import lesson_content as actions
from journal.entry import Door, door_of
from journal.forms.lesson_page import LessonForm, work_forms
from journal.models import Lesson, WorkKind
from journal.views.lessons import FORM_METHODS, asks_reason
from resources.asker import asker_of


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def lesson_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Topic, what was done, columns, homework; read only for those who do not write in the gradebook, or not any
    more."""
    lesson = get_object_or_404(lessons.open_to(request.user, today()), pk=pk)
    door = door_of(lesson.gradebook, request.user, today(), day=lesson.date)
    before, after = lessons.neighbours(lesson) if not door.is_alone else (None, None)
    context = {
        "lesson": lesson,
        "door": door,
        "book": lesson.gradebook,
        "before": before,
        "after": after,
        "marks_url": _marks_url(lesson),
        "closed": door.closed(lesson.date) if not door.refusal else door.refusal,
        "is_future": lesson.date > today(),
    }
    if door.refusal or (context["closed"] and not door.manages):
        if request.method == "POST":
            raise PermissionDenied(context["closed"])
        return render(request, "journal/lesson_read.html", context | _read(lesson))
    form, works = _forms(request, lesson, door)
    if _is_saved(request, lesson, door, form, works):
        onward = after.pk if after and form.cleaned_data["onward"] else pk
        return redirect("journal:lesson_detail", onward)
    context |= {"form": form, "works": works, "platforms": _chosen(form)}
    return render(request, "journal/lesson_detail.html", context)


def _forms(request: HttpRequest, lesson: Lesson, door: Door) -> tuple[LessonForm, object]:
    book = lesson.gradebook
    homework = lessons.homework_of(lesson)
    offers = lessons.offers(book, lessons.programme_of(book))
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LessonForm(
        *given, instance=lesson, offers=offers, homework=homework, asks_reason=asks_reason(door),
        offered=homeworks.offered(book, homework, asker_of(request)), initial=_first(lesson, offers, homework),
    )  # fmt: skip
    works = work_forms(given[0] if given else None, lessons.works_of(lesson), list(WorkKind.objects.all()))
    return form, works


def _first(lesson: Lesson, offers: list, homework) -> dict:
    """What is offered where nothing is written: the next topic, its way, the subject's next day."""
    first = {}
    if homework is None:
        first["due"] = lessons.due_offered(lesson)
    if lesson.topic_id is None and not lesson.subject_matter:
        topic = lessons.next_topic(offers, lessons.topic_before(lesson))
        if topic is not None:
            first |= {"topic": topic.pk, "way": topic.way}
    return first


def _is_saved(request: HttpRequest, lesson: Lesson, door: Door, form: LessonForm, works) -> bool:
    if request.method != "POST" or not works.is_valid():
        return False

    def save(by: Actor) -> None:
        values = form.cleaned_data
        asked = actions.Asked(
            text=values["text"], due=values["due"], links=form.links(), uploads=values["uploads"],
            dropped=[one.pk for one in values.get("dropped", ())],
        )  # fmt: skip
        actions.save_lesson(
            door, lesson, _wanted(works), asked, seen=values["seen"], reason=form.reason_given(), by=by
        )  # fmt: skip

    return is_taken(request, form, save, "Урок записан.", upload="uploads")


def _wanted(works) -> list[actions.Work]:
    rows = [one.cleaned_data for one in works if one.cleaned_data]
    return [actions.Work(one["place"], one["kind"], one["title"], one["weight"], bool(one.get("gone"))) for one in rows]


def _chosen(form: LessonForm) -> int:
    """How many platforms, resources and courses the homework has: their list opens where there are some."""
    return sum(len(form[name].value() or ()) for name in lessons.LISTS)


def _read(lesson: Lesson) -> dict:
    homework = lessons.homework_of(lesson)
    links = [one for name in lessons.LISTS for one in getattr(homework, name).all()] if homework else []
    return {
        "homework": homework,
        "files": lessons.files_of(homework),
        "links": links,
        "columns": lessons.works_of(lesson),
    }


def _marks_url(lesson: Lesson) -> str:
    try:
        return reverse("journal:lesson_marks", args=[lesson.pk])
    except NoReverseMatch:
        return reverse("journal:gradebook_detail", args=[lesson.gradebook_id])
