"""What of the portfolio waits for people in «Ждёт вас»."""

from django.urls import reverse

from accounts.counters import Counter
from accounts.hints import COUNTERS
from eios.lib import russian
from portfolio import achievement_queue, reviews, rights, works

# Achievements


def _waiting_text(count: int) -> str:
    words = russian.plural(count, "запись ждёт", "записи ждут", "записей ждут")
    return f"Портфолио класса: {count} {words} проверки"


def _returned_text(count: int) -> str:
    return f"Достижения возвращены: {count} {russian.plural(count, 'запись', 'записи', 'записей')}"


COUNTERS.register(
    "achievements-waiting",
    Counter(
        icon="award",
        concerns=rights.leads_somebody,
        rows=achievement_queue.waiting_of_leader,
        text=_waiting_text,
        url=lambda person: reverse("portfolio:queue"),
        button="Проверить",
    ),
)


def _unled_text(count: int) -> str:
    words = russian.plural(count, "запись ждёт", "записи ждут", "записей ждут")
    return f"Портфолио классов без классного руководителя: {count} {words} проверки"


COUNTERS.register(
    "achievements-unled",
    Counter(
        icon="award",
        concerns=rights.manages,
        rows=achievement_queue.waiting_of_nobody,
        text=_unled_text,
        url=lambda person: reverse("portfolio:queue") + "?unled=on",
        button="Проверить",
    ),
)
COUNTERS.register(
    "achievements-returned",
    Counter(
        icon="award",
        concerns=lambda person: person.is_pupil,
        rows=achievement_queue.returned_to,
        text=_returned_text,
        url=lambda person: reverse("portfolio:achievement_list") + "?state=returned",
        button="Исправить",
    ),
)

# Works
COUNTERS.register(
    "co-author-asked",
    Counter(
        icon="people",
        concerns=lambda person: person.is_pupil,
        rows=works.asked_of,
        text=lambda count: f"Вас назвали соавтором: {count} {russian.plural(count, 'работа', 'работы', 'работ')}",
        url=lambda person: reverse("portfolio:work_list"),
        button="Ответить",
    ),
)

# Reviews


def _reviews_text(count: int) -> str:
    words = russian.plural(count, "рецензия ждёт", "рецензии ждут", "рецензий ждут")
    return f"Работы класса: {count} {words} проверки"


COUNTERS.register(
    "reviews-waiting",
    Counter(
        icon="chat",
        concerns=rights.leads_somebody,
        rows=reviews.waiting_of_leader,
        text=_reviews_text,
        url=lambda person: reverse("portfolio:moderation_list"),
        button="Проверить",
    ),
)
