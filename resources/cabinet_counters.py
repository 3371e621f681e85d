"""What of this app waits for people in «Ждёт вас»; filled in when the portal starts."""

import datetime
from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse

from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import User
from eios.lib import russian
from resources import credentials, deciding, reviews
from resources.models import AccessRequest, Availability, Suggestion

# Logins and passwords at platforms


def _to_close_text(count: int) -> str:
    sign_ins = russian.plural(count, "вход", "входа", "входов")
    return f"Закройте на платформах {count} {sign_ins}: люди ушли или срок вышел"


COUNTERS.register(
    "logins-to-close",
    Counter(
        icon="key",
        concerns=deciding.is_named_only,
        rows=credentials.tasks_of_administrator,
        text=_to_close_text,
        url=lambda person: reverse("resources:desk_task_list"),
        button="Закрыть",
    ),
)
COUNTERS.register(
    "logins-to-close-anywhere",
    Counter(
        icon="key",
        concerns=lambda person: person.is_system_administrator,
        rows=credentials.tasks_of_system_administrator,
        text=_to_close_text,
        url=lambda person: reverse("resources:desk_task_list"),
        button="Закрыть",
    ),
)

# Availability


def _down(key: int, date: datetime.date) -> QuerySet[Availability]:
    return Availability.objects.long_down()


def _own_down(key: int, date: datetime.date) -> QuerySet[Availability]:
    return Availability.objects.long_down().filter(deciding.at_own(key))


def _down_text(count: int) -> str:
    elements = russian.plural(count, "элемент", "элемента", "элементов")
    return f"Не {russian.plural(count, 'работает', 'работают', 'работают')} больше двух часов: {count} {elements}"


COUNTERS.register(
    "availability-all",
    Counter(
        icon="globe",
        concerns=lambda person: person.is_system_administrator,
        rows=_down,
        text=_down_text,
        url=lambda person: reverse("resources:availability_list") + "?state=down",
        button="Посмотреть",
    ),
)
COUNTERS.register(
    "availability-own",
    Counter(
        icon="globe",
        concerns=deciding.is_named_only,
        rows=_own_down,
        text=_down_text,
        url=lambda person: reverse("resources:desk_list"),
        button="Посмотреть",
    ),
)


# Reviews of elements


def _reviews_text(count: int) -> str:
    return f"Пора проверить {count} {russian.plural(count, 'элемент', 'элемента', 'элементов')} среды"


def _reviews_url(person: User) -> str:
    return reverse("resources:desk_reviews") + "?state=due"


COUNTERS.register(
    "reviews-due",
    Counter(
        icon="clipboard",
        concerns=deciding.is_named_only,
        rows=reviews.to_review_by,
        text=_reviews_text,
        url=_reviews_url,
        button="Проверить",
    ),
)
COUNTERS.register(
    "reviews-due-whole",
    Counter(
        icon="clipboard",
        concerns=lambda person: person.is_system_administrator,
        rows=reviews.to_review_by_system_administrator,
        text=_reviews_text,
        url=_reviews_url,
        button="Проверить",
    ),
)


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
        "own": deciding.is_named_only,
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
