"""What the pages of a course's desk have in common: whose it is, its tabs, verbs that are asked once more."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.actor import Actor
from accounts.views.posting import is_taken
from resources.asker import asker_of
from resources.courses import rights
from resources.courses.tabs import tabs
from resources.models import Course

FORM_METHODS = ["GET", "HEAD", "POST"]


def at_desk(request: HttpRequest, pk: int) -> Course:
    """A course that the visitor writes or reviews, with its `rights`. Raises Http404 for everybody else's."""
    asker = asker_of(request)
    course = get_object_or_404(rights.at_desk_of(asker).for_lists(), pk=pk)
    course.rights = rights.rights(asker, course)
    return course


def allowed(request: HttpRequest, pk: int, verb: str) -> Course:
    """The same, where the verb (a field of `Rights`) stands open. Raises Http404, PermissionDenied."""
    course = at_desk(request, pk)
    if not getattr(course.rights, verb):
        raise PermissionDenied
    return course


def desk_page(request: HttpRequest, course: Course, tab: str, template: str, context: dict) -> HttpResponse:
    """A page of the desk under its tab; the template extends course_desk_base.html."""
    return render(request, template, {"course": course, "tabs": tabs(course, tab), **context})


def asked(
    request: HttpRequest, course: Course, form: Form, act: Callable[[Actor], object], *, tab: str, done: str, **page
) -> HttpResponse:
    """A page that asks once more, then the verb, then the tab again.

    `page`: title, button, and what else ui/confirm.html shows; `after` is a function of what the verb returned, and
    says where to go instead of the tab.
    """
    after, made = page.pop("after", None), []
    if is_taken(request, form, lambda by: made.append(act(by)), done):
        return redirect(after(made[0]) if after else reverse(f"resources:{tab}", args=[course.pk]))
    back_url = next(url for url, _, current in tabs(course, tab) if current)
    context = {"course": course, "form": form, "question": f"«{course}».", "back_url": back_url, **page}
    return render(request, "resources/course_ask.html", context)
