"""The verbs of suggestions (3.5): anyone signed in proposes, whoever administers answers."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions.administrators import administrators_on
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import SchoolCard, User
from eios.lib.dates import start_of_day, today
from resources import requests
from resources.models import Suggestion

State = Suggestion.State
MOST_A_DAY = 5
TOO_MANY = f"Сегодня вы отправили уже {MOST_A_DAY} предложений. Остальные отправьте завтра: так их успеют прочитать."


@transaction.atomic
def suggest(suggestion: Suggestion, *, by: Actor) -> Suggestion:
    """Sends a suggestion to the element's living administrators, or to the system administrator.

    Effects: those who answer are told; audit. Raises ValidationError: too many of one person in a day, nothing said.
    """
    # Two that are sent at once are counted one after another.
    User.objects.select_for_update().get(pk=suggestion.author_id)
    today_so_far = Suggestion.objects.filter(author=suggestion.author_id, created_at__gte=start_of_day(today()))
    if today_so_far.count() >= MOST_A_DAY:
        raise ValidationError(TOO_MANY)
    suggestion.full_clean()
    suggestion.save(force_insert=True)
    changes = {"element": [None, str(suggestion.element_id)]} if suggestion.element_id else {}
    audit.record(by, "suggestion.made", suggestion, changes)
    notify(
        _answering(suggestion), "suggestion_new", key=f"suggestion:{suggestion.pk}", by=by,
        text=f"Новое предложение: {suggestion.title}", url=reverse("resources:suggestion_detail", args=[suggestion.pk]),
    )  # fmt: skip
    return suggestion


def _answering(suggestion: Suggestion):
    if suggestion.element is None:
        return administrators_on(today())
    return requests.deciders_of([suggestion.element], SchoolCard.current(), today())[suggestion.element_id]


@transaction.atomic
def answer(suggestion: Suggestion, state: str, words: str, *, by: Actor) -> None:
    """Accepts or declines; the sender is told; audit. Raises ValidationError: no answer to a refusal, or too late."""
    if state == State.DECLINED and not words.strip():
        raise ValidationError({"answer": "Напишите, почему предложение отклонено."})
    fields = {"state": state, "answer": words.strip(), "decided_by": by.person, "decided_at": timezone.now()}
    if not Suggestion.objects.waiting().filter(pk=suggestion.pk).update(**fields):
        raise ValidationError("На это предложение уже ответили.")
    suggestion.refresh_from_db()
    audit.record(by, f"suggestion.{suggestion.state}", suggestion, {"state": [State.WAITING.value, suggestion.state]})
    notify(
        [suggestion.author], "suggestion_answered", key=f"suggestion:{suggestion.pk}:answer", by=by,
        text=f"Ваше предложение «{suggestion.title}» {suggestion.get_state_display()}.",
        url=reverse("resources:suggestion_detail", args=[suggestion.pk]),
    )  # fmt: skip
