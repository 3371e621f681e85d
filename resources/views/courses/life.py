"""The life of a course as its authors and reviewers move it (1.6), copying, and the board for heads of ШМО."""

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from eios.lib.access import requires
from resources.actions.courses import drafts
from resources.actions.courses import life as actions
from resources.actions.courses.copying import copy
from resources.asker import asker_of
from resources.courses import life, rights
from resources.forms.courses.life import CopyForm, ReasonForm
from resources.models import Course
from resources.views.courses.shared import FORM_METHODS, allowed, asked, at_desk, desk_page

TAB = "desk_course_life"


@requires("course-desk")
@require_safe
def desk_course_life(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the course stands, what may be done with it, its releases and open remarks."""
    course = at_desk(request, pk)
    context = {
        "releases": course.releases.select_related("published_by")[:20],
        "open_remarks": life.comments_of(course).filter(settled_at__isnull=True),
        "lacks": life.lacks(course) if course.rights.submit else [],
        "reviewers": life.reviewers(course) if course.state in (Course.State.WRITING, Course.State.REVIEW) else [],
        "is_overdue": life.is_overdue(course, asker_of(request).date),
        "changed": len(life.changed_parts(course)) if course.release_id else 0,
    }
    return desk_page(request, course, TAB, "resources/course_life.html", context)


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_submit(request: HttpRequest, pk: int) -> HttpResponse:
    course = allowed(request, pk, "submit")
    names = ", ".join(person.get_full_name() for person in life.reviewers(course)) or "пока некому"
    effects = [
        f"Проверит: {names}.",
        "До ответа курс стоит как есть: менять его нельзя, но отозвать можно в любую минуту.",
        "Проверьте, что в текстах, на картинках и в записях нет имён, лиц и отметок обучающихся.",
    ]
    return asked(
        request, course, Form(_data(request)), lambda by: actions.submit(course, by=by), tab=TAB, effects=effects,
        title="Передать на проверку", button="Передать", done="Курс передан на проверку.",
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    course = allowed(request, pk, "withdraw")
    return asked(
        request, course, Form(_data(request)), lambda by: actions.withdraw(course, by=by), tab=TAB,
        title="Отозвать с проверки", button="Отозвать", done="Курс снова в работе.",
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_publish(request: HttpRequest, pk: int) -> HttpResponse:
    course = allowed(request, pk, "review")
    remarks = life.comments_of(course).filter(settled_at__isnull=True).count()
    effects = [
        f"Курс прочтут: {course.get_closure_display()}.",
        "Читатели увидят страницы такими, какие они сейчас; правки авторов выйдут со следующей проверкой.",
        *([f"Незакрытых замечаний: {remarks}. Они останутся авторам."] if remarks else []),
    ]
    return asked(
        request, course, Form(_data(request)), lambda by: actions.publish(course, by=by), tab=TAB, effects=effects,
        title="Опубликовать курс", button="Опубликовать", done="Курс опубликован.",
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    course = allowed(request, pk, "review")
    form = ReasonForm(_data(request))
    return asked(
        request, course, form, lambda by: actions.send_back(course, reason=form.cleaned_data["reason"], by=by),
        tab=TAB, title="Вернуть на доработку", button="Вернуть", done="Курс возвращён авторам.",
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_revise(request: HttpRequest, pk: int) -> HttpResponse:
    course = allowed(request, pk, "revise")
    effects = ["Курс прочитан и менять в нём нечего: на его карточке станет сегодняшний день."]
    return asked(
        request, course, Form(_data(request)), lambda by: actions.revise(course, by=by), tab=TAB, effects=effects,
        title="Отметить, что курс пересмотрен", button="Пересмотрен", done="Отмечено: курс пересмотрен.",
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_archive(request: HttpRequest, pk: int) -> HttpResponse:
    course = allowed(request, pk, "archive")
    form = ReasonForm(_data(request))
    effects = [
        "Курс и его файлы закроются для читателей; из программ и комплексов ссылка на него исчезнет.",
        "Вернуть его из архива можно в любой день.",
    ]
    return asked(
        request, course, form, lambda by: actions.archive(course, reason=form.cleaned_data["reason"], by=by), tab=TAB,
        effects=effects, title="Отправить в архив", button="В архив", done="Курс в архиве.",
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_restore(request: HttpRequest, pk: int) -> HttpResponse:
    course = allowed(request, pk, "restore")
    effects = ["Читатели снова увидят последний выпуск курса."]
    return asked(
        request, course, Form(_data(request)), lambda by: actions.restore(course, by=by), tab=TAB, effects=effects,
        title="Вернуть из архива", button="Вернуть", done="Курс снова читают.",
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_delete(request: HttpRequest, pk: int) -> HttpResponse:
    course = allowed(request, pk, "delete")
    return asked(
        request, course, Form(_data(request)), lambda by: drafts.delete_draft(course, by=by), tab=TAB, danger=True,
        effects=["Страницы и файлы черновика пропадут: восстановить их нельзя."], title="Удалить черновик",
        button="Удалить", done="Черновик удалён.", after=lambda made: reverse("resources:course_desk"),
    )  # fmt: skip


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def course_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft after a course that one reads, or writes: then with what is not published yet."""
    asker = asker_of(request)
    if not rights.may_begin(asker):
        raise PermissionDenied
    mine = rights.at_desk_of(asker).filter(pk=pk)
    course = mine.for_lists().first() or get_object_or_404(rights.readable_by(asker).for_lists(), pk=pk)
    form = CopyForm(_data(request), initial={"title": f"{course.title} (копия)"[:200]})
    as_read = not rights.rights(asker, course).share and not mine.filter(rights.own(asker.person)).exists()
    effects = ["Появится ваш черновик с теми же страницами и файлами; сам курс не изменится."]
    return asked(
        request, course, form, lambda by: copy(course, as_read=as_read, title=form.cleaned_data["title"], by=by),
        tab=TAB, effects=effects, title="Списать курс", button="Списать", done="Черновик готов.",
        after=life.page_of, back_url=course.get_absolute_url() if as_read else life.page_of(course),
    )  # fmt: skip


@requires("method-boards")
@require_safe
def course_board(request: HttpRequest) -> HttpResponse:
    """By ШМО: what waits for review, what was not looked through for a year, what serves no programme (1.6)."""
    asker = asker_of(request)
    rows = life.board(life.groups_of_board(asker), asker.date)
    return render(request, "resources/course_board.html", {"rows": rows})


def _data(request: HttpRequest):
    return request.POST if request.method == "POST" else None
