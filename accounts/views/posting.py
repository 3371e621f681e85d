"""What a post is answered with: the action takes it, or its refusal stands in the form or above the next page.

`act` gets the actor; `done` is what is said after it, or a function that makes the words of what the action returned.
"""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest

from accounts.actor import Actor
from eios.lib.filetypes import FileRefused

Act = Callable[[Actor], object]
Words = str | Callable[..., str]


def is_taken(request: HttpRequest, form: BaseForm, act: Act, done: Words = "", *, upload: str = "") -> bool:
    """Is it a post, filled in well, that the action took? A refusal stands in the form, with all that was typed.

    `upload` names the field of the file, where the action stores one: why it is refused stands there.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        made = act(Actor.of(request))
    except ValidationError as refusal:
        _stand_in(form, refusal)
        return False
    except FileRefused as refusal:
        form.add_error(upload or None, str(refusal))
        return False
    _say(request, done, made)
    return True


def is_done(request: HttpRequest, act: Act, done: Words = "") -> bool:
    """Has the action, that needs no form, taken place? A refusal is a message on the next page."""
    try:
        made = act(Actor.of(request))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return False
    _say(request, done, made)
    return True


def _stand_in(form: BaseForm, refusal: ValidationError) -> None:
    """At its fields where the form has them all, else above the form."""
    is_placed = {*form.fields, NON_FIELD_ERRORS}.issuperset(getattr(refusal, "error_dict", ()))
    form.add_error(None, refusal if is_placed else refusal.messages)


def _say(request: HttpRequest, done: Words, made: object) -> None:
    words = done(made) if callable(done) else done
    if words:
        messages.success(request, words)
