"""What of this app waits for people in «Ждёт вас»; filled in when the portal starts."""

import datetime
from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse

from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import User
from eios.lib import russian
from resources import credentials, deciding, programmes, reading, reviews
from resources.courses import life
from resources.models import AccessRequest, Availability, Programme, Suggestion

State = Programme.State


def _is_system_administrator(person: User) -> bool:
    return person.is_system_administrator


def _add(
    name: str, concerns: Callable[[User], bool], rows: Callable[[int, datetime.date], QuerySet], *, page: str, **look
) -> None:
    """One counter; `page` is the name of an address, with what stands after «?»."""
    url_name, _, query = page.partition("?")
    COUNTERS.register(
        name,
        Counter(
            concerns=concerns, rows=rows, url=lambda person: reverse(url_name) + (f"?{query}" if query else ""), **look
        ),
    )


def _add_pair(name: str, rows: Callable[[datetime.date], QuerySet], *, element: str = "element", **look) -> None:
    """Two counters, one of which suits a person: of those who administer by name, and of the system administrator.

    `element`: the field that leads from a row to its element.
    """
    _add(
        f"{name}-own", deciding.is_named_only,
        lambda key, date: deciding.of_named(rows(date), key, element), **look,
    )  # fmt: skip
    _add(
        f"{name}-all", _is_system_administrator,
        lambda key, date: deciding.of_system_administrator(rows(date), key, date, element), **look,
    )  # fmt: skip


def _to_close_text(count: int) -> str:
    sign_ins = russian.plural(count, "вход", "входа", "входов")
    return f"Закройте на платформах {count} {sign_ins}: люди ушли или срок вышел"


def _down_text(count: int) -> str:
    elements = russian.plural(count, "элемент", "элемента", "элементов")
    return f"Не {russian.plural(count, 'работает', 'работают', 'работают')} больше двух часов: {count} {elements}"


def _reviews_text(count: int) -> str:
    return f"Пора проверить {count} {russian.plural(count, 'элемент', 'элемента', 'элементов')} среды"


def _requests_text(count: int) -> str:
    wait = russian.plural(count, "Ждёт", "Ждут", "Ждут")
    return f"{wait} решения: {count} {russian.plural(count, 'заявка', 'заявки', 'заявок')} на доступ"


def _to_read_text(count: int) -> str:
    return "Прочитайте документ" if count == 1 else f"Прочитайте документы: {count}"


def _suggestions_text(count: int) -> str:
    wait = russian.plural(count, "Ждёт", "Ждут", "Ждут")
    return f"{wait} ответа: {count} {russian.plural(count, 'предложение', 'предложения', 'предложений')}"


def _to_consider_text(count: int) -> str:
    wait = russian.plural(count, "Ждёт", "Ждут", "Ждут")
    return f"{wait} рассмотрения ШМО: {_programmes(count)}"


def _returned_text(count: int) -> str:
    returned = russian.plural(count, "Возвращена", "Возвращены", "Возвращено")
    return f"{returned} с замечаниями: {_programmes(count)}"


def _programmes(count: int) -> str:
    return f"{count} {russian.plural(count, 'программа', 'программы', 'программ')}"


def _courses(count: int) -> str:
    return f"{count} {russian.plural(count, 'курс', 'курса', 'курсов')}"


_add_pair(
    "logins-to-close", credentials.to_close,
    icon="key", text=_to_close_text, page="resources:desk_task_list", button="Закрыть",
)  # fmt: skip
# Whether platforms answer is the system administrator's matter at every element (5.6).
_DOWN = {"icon": "globe", "text": _down_text, "button": "Посмотреть"}
_add(
    "availability-all", _is_system_administrator, lambda key, date: Availability.objects.long_down(),
    page="resources:availability_list?state=down", **_DOWN,
)  # fmt: skip
_add(
    "availability-own", deciding.is_named_only,
    lambda key, date: deciding.of_named(Availability.objects.long_down(), key), page="resources:desk_list", **_DOWN,
)  # fmt: skip
_add_pair(
    "reviews-due", reviews.to_review, element="pk",
    icon="clipboard", text=_reviews_text, page="resources:desk_reviews?state=due", button="Проверить",
)  # fmt: skip
_add_pair(
    "access-requests", lambda date: AccessRequest.objects.waiting(),
    icon="inbox", text=_requests_text, page="resources:desk_list", button="Разобрать",
)  # fmt: skip
_add_pair(
    "suggestions", lambda date: Suggestion.objects.waiting(),
    icon="chat", text=_suggestions_text, page="resources:suggestion_inbox", button="Разобрать",
)  # fmt: skip
# Acquaintance
_add(
    "documents-to-read", lambda person: person.is_pupil or person.is_employee or person.is_parent, reading.to_read,
    icon="doc", text=_to_read_text, page="resources:document_to_read", button="Прочитать",
)  # fmt: skip
# Work programmes: where they wait for the ШМО, for who runs the section, and where authors have to put something right.
_PROGRAMMES = {"icon": "book", "button": "Посмотреть"}
_add(
    "programmes-to-consider", lambda person: bool(programmes.headed_groups(person)),
    lambda key, date: programmes.to_consider(key, date), text=_to_consider_text,
    page="resources:programme_mine?state=submitted", **_PROGRAMMES,
)  # fmt: skip
_add(
    "programmes-to-agree", programmes.is_run_by, lambda key, date: programmes.in_state(State.CONSIDERED),
    text=lambda count: f"Согласуйте: {_programmes(count)}", page="resources:programme_mine?state=considered",
    **_PROGRAMMES,
)  # fmt: skip
_add(
    "programmes-to-approve", programmes.is_run_by, lambda key, date: programmes.in_state(State.AGREED),
    text=lambda count: f"Утвердите приказом: {_programmes(count)}", page="resources:programme_approve",
    icon="book", button="Утвердить",
)  # fmt: skip
_add(
    "programmes-returned", lambda person: person.is_employee,
    lambda key, date: programmes.returned_to(key), text=_returned_text, page="resources:programme_mine?state=draft",
    **_PROGRAMMES,
)  # fmt: skip
# Courses: where they wait for the ШМО, came back, or were not looked through for a year.
_COURSES = {"icon": "layers", "button": "Посмотреть"}
_add(
    "courses-to-review", lambda person: bool(programmes.headed_groups(person)), life.to_review,
    text=lambda count: f"На проверке ШМО: {_courses(count)}", page="resources:course_desk?state=review", **_COURSES,
)  # fmt: skip
_add(
    "courses-returned", lambda person: person.is_employee, lambda key, date: life.returned_to(key),
    text=lambda count: f"Вернули на доработку: {_courses(count)}", page="resources:course_desk?state=writing",
    **_COURSES,
)  # fmt: skip
_add(
    "courses-to-revise", lambda person: person.is_employee, life.to_revise,
    text=lambda count: f"Год не пересматривали: {_courses(count)}", page="resources:course_desk?state=overdue",
    **_COURSES,
)  # fmt: skip
