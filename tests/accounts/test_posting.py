"""What a post is answered with."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from accounts.models import User
from accounts.views.posting import is_done, is_taken


class NameForm(forms.Form):
    name = forms.CharField()


def posted(method: str = "post", **data):
    request = getattr(RequestFactory(), method)("/", data)
    request.user, request.session = User(username="deputy"), {}
    request._messages = FallbackStorage(request)
    return request


def said(request) -> list[tuple[str, str]]:
    return [(message.level_tag, message.message) for message in get_messages(request)]


def refusing(error):
    def act(by):
        raise ValidationError(error)

    return act


@pytest.mark.parametrize(
    ("error", "errors"),
    [
        ("Поздно.", {"__all__": ["Поздно."]}),
        (["Раз.", "Два."], {"__all__": ["Раз.", "Два."]}),
        ({"name": "Занято."}, {"name": ["Занято."]}),
        ({"login": "Занят."}, {"__all__": ["Занят."]}),
    ],
)
def test_a_refusal_stands_in_the_form_at_its_field_where_there_is_one(error, errors):
    request, form = posted(name="Ольга"), NameForm({"name": "Ольга"})
    assert (is_taken(request, form, refusing(error), "Сохранено."), form.errors, said(request)) == (False, errors, [])


def test_only_a_well_filled_post_acts_and_words_are_made_of_what_was_made():
    acted = []

    def act(by):
        acted.append(by.person.username)
        return len(acted)

    words = "Сохранено: {}.".format
    assert not is_taken(posted("get"), NameForm({"name": "Ольга"}), act, words)
    assert not is_taken(posted(), NameForm({"name": ""}), act, words)
    request = posted()
    assert ([*acted], is_taken(request, NameForm({"name": "Ольга"}), act, words)) == ([], True)
    assert (is_done(request, act), is_done(request, refusing(["Раз.", "Два."]), words)) == (True, False)
    assert (acted, said(request)) == (
        ["deputy"] * 2, [("success", "Сохранено: 1."), ("warning", "Раз. Два.")],
    )  # fmt: skip
