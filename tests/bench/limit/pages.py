from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import mark_safe

from tests.bench.limit.models import Book, Lesson, Mark


def login_form(request: HttpRequest) -> HttpResponse:
    """A form with its token, no query."""
    return render(request, "login.html")


@login_required
def book_list(request: HttpRequest) -> HttpResponse:
    """Session, user, count, and 20 rows with what they refer to: four queries."""
    books = Book.objects.filter(is_open=True)
    rows = books.select_related("shelf").order_by("name")[:20]
    return render(request, "list.html", {"total": books.count(), "books": rows})


@login_required
def diary(request: HttpRequest) -> HttpResponse:
    """One's own marks, some 280, by subject with their mean: three queries."""
    marks = Mark.objects.filter(reader=request.user).order_by("lesson__subject", "lesson__date")
    found: dict[str, list] = {}
    for subject, date, value in marks.values_list("lesson__subject", "lesson__date", "value"):
        found.setdefault(subject, []).append((date.strftime("%d.%m"), value))
    subjects = [(name, given, f"{sum(value for _, value in given) / len(given):.2f}") for name, given in found.items()]
    return render(request, "diary.html", {"subjects": subjects})


@login_required
def grid(request: HttpRequest) -> HttpResponse:
    """Thirty readers × sixty meetings with an input in every cell, joined in Python: five queries."""
    lessons = list(Lesson.objects.filter(group=1, subject="Subject 1").order_by("date")[:60])
    readers = list(get_user_model().objects.order_by("last_name", "pk")[:30])
    marks = Mark.objects.filter(lesson__group=1, lesson__subject="Subject 1")
    given = {(reader, lesson): value for reader, lesson, value in marks.values_list("reader", "lesson", "value")}
    heads = [lesson.date.strftime("%d.%m") for lesson in lessons]
    return render(request, "grid.html", {"heads": heads, "rows": [_row(one, lessons, given) for one in readers]})


@login_required
def save(request: HttpRequest) -> HttpResponse:
    """One mark saved: the session, the reader, one write."""
    number = int(request.POST["n"])
    Mark.objects.filter(pk=number).update(value=2 + number % 4)
    return HttpResponse("ok")


def _row(reader, lessons: list[Lesson], given: dict) -> tuple[str, str, str]:
    values = [given.get((reader.pk, lesson.pk), "") for lesson in lessons]
    numbers = [value for value in values if value != ""]
    # Numbers only, so that there is nothing to escape.
    cells = "".join(
        f'<td class="m{value}"><input name="m-{reader.pk}-{lesson.pk}" value="{value}" size="2"></td>'
        for value, lesson in zip(values, lessons, strict=True)
    )
    name = f"{reader.last_name} {reader.first_name}"
    return name, mark_safe(cells), f"{sum(numbers) / len(numbers):.2f}" if numbers else ""  # noqa: S308


urlpatterns = [
    path("login/", login_form),
    path("list/", book_list),
    path("diary/", diary),
    path("grid/", grid),
    path("save/", save),
]
