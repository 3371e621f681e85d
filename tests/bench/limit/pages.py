from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tests.bench.limit.models import Book


def login_form(request: HttpRequest) -> HttpResponse:
    """A form with its token, no query."""
    return render(request, "login.html")


@login_required
def book_list(request: HttpRequest) -> HttpResponse:
    """Session, user, count, and 20 rows with what they refer to: four queries."""
    books = Book.objects.filter(is_open=True)
    rows = books.select_related("shelf").order_by("name")[:20]
    return render(request, "list.html", {"total": books.count(), "books": rows})


urlpatterns = [path("login/", login_form), path("list/", book_list)]
