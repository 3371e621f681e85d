"""What of this app waits for people in «Ждёт вас»; filled in when the portal starts."""

import datetime
from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse

from accounts.counters import Counter
from accounts.hints import COUNTERS
from eios.lib import russian
from resources import deciding
from resources.models import AccessRequest, Suggestion

# Requests and suggestions


def _requests_text(count: int) -> str:
    wait = russian.plural(count, "Ждёт", "Ждут", "Ждут")
    return f"{wait} решения: {count} {russian.plural(count, 'заявка', 'заявки', 'заявок')} на доступ"


def _suggestions_text(count: int) -> str:
    wait = russian.plural(count, "Ждёт", "Ждут", "Ждут")
    return f"{wait} ответа: {count} {russian.plural(count, 'предложение', 'предложения', 'предложений')}"


def _requests_at_own(key: int, date: datetime.date) -> QuerySet[AccessRequest]:
    return AccessRequest.objects.waiting().filter(deciding.at_own(key))


def _requests_at_ownerless_too(key: int, date: datetime.date) -> QuerySet[AccessRequest]:
    return AccessRequest.objects.waiting().filter(deciding.at_own(key) | deciding.at_ownerless(date))


def _suggestions_at_own(key: int, date: datetime.date) -> QuerySet[Suggestion]:
    return Suggestion.objects.waiting().filter(deciding.at_own(key))


def _suggestions_at_ownerless_too(key: int, date: datetime.date) -> QuerySet[Suggestion]:
    """Those about no element too: they go to the system administrator."""
    return Suggestion.objects.waiting().filter(deciding.at_own(key) | deciding.at_ownerless(date))


def _register(name: str, icon: str, rows: dict[str, Callable[[int, datetime.date], QuerySet]], text, page: str) -> None:
    """Two counters, one of which suits a person: of an administrator of elements, and of the system administrator."""
    concerned = {
        "own": lambda person: person.is_employee and not person.is_system_administrator,
        "all": lambda person: person.is_system_administrator,
    }
    for who, concerns in concerned.items():
        COUNTERS.register(
            f"{name}-{who}",
            Counter(
                icon=icon,
                concerns=concerns,
                rows=rows[who],
                text=text,
                url=lambda person: reverse(page),
                button="Разобрать",
            ),
        )


_register(
    "access-requests",
    "inbox",
    {"own": _requests_at_own, "all": _requests_at_ownerless_too},
    _requests_text,
    "resources:desk_list",
)
_register(
    "suggestions",
    "chat",
    {"own": _suggestions_at_own, "all": _suggestions_at_ownerless_too},
    _suggestions_text,
    "resources:suggestion_inbox",
)
