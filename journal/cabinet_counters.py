"""What of the journal waits for people in «Ждёт вас»; filled in when the portal starts."""

from django.urls import reverse

from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import User
from eios.lib import russian
from journal import books, rights, unposted
from journal.attestation import councils, debts, schedule

# Attestation


def _teaches(person: User) -> bool:
    """The load says who teaches; the positions say who may have one without a question to the database."""
    return person.is_employee and not rights.manages(person)


def _propose_text(count: int) -> str:
    return f"Выставьте результаты: {count} {russian.plural(count, 'журнал', 'журнала', 'журналов')}"


def _retakes_text(count: int) -> str:
    return f"Внесите результаты: {count} {russian.plural(count, 'пересдача', 'пересдачи', 'пересдач')}"


def _enter_text(count: int) -> str:
    subjects = russian.plural(count, "предмет", "предмета", "предметов")
    return f"Внесите результаты промежуточной аттестации: {count} {subjects}"


def _confirm_text(count: int) -> str:
    words = russian.plural(count, "педсовет", "педсовета", "педсоветов")
    return f"{russian.plural(count, 'Ждёт', 'Ждут', 'Ждут')} утверждения итогов: {count} {words}"


COUNTERS.register(
    "results-to-propose",
    Counter(
        icon="grid",
        concerns=_teaches,
        rows=councils.to_propose,
        text=_propose_text,
        url=lambda person: reverse("journal:council_list"),
        button="Выставить",
    ),
)
COUNTERS.register(
    "assessments-to-enter",
    Counter(
        icon="clipboard",
        concerns=_teaches,
        rows=schedule.to_enter,
        text=_enter_text,
        url=lambda person: reverse("journal:attestation_list"),
        button="Внести",
    ),
)
COUNTERS.register(
    "retakes-due",
    Counter(
        icon="clipboard",
        concerns=_teaches,
        rows=debts.retakes_due_of,
        text=_retakes_text,
        url=lambda person: reverse("journal:debt_list") + "?state=due",
        button="Внести",
    ),
)
COUNTERS.register(
    "retakes-due-all",
    Counter(
        icon="clipboard",
        concerns=rights.manages,
        rows=lambda key, date: debts.retakes_due(date),
        text=_retakes_text,
        url=lambda person: reverse("journal:debt_list") + "?state=due",
        button="Внести",
    ),
)
COUNTERS.register(
    "councils-to-confirm",
    Counter(
        icon="tick-doc",
        concerns=rights.manages,
        rows=lambda key, date: councils.to_confirm(),
        text=_confirm_text,
        url=lambda person: reverse("journal:council_list"),
        button="Открыть",
    ),
)

# Load


def _untaught_text(count: int) -> str:
    return f"Нет учителя: {count} {russian.plural(count, 'журнал', 'журнала', 'журналов')}"


COUNTERS.register(
    "gradebooks-untaught",
    Counter(
        icon="people",
        concerns=rights.manages,
        rows=lambda key, date: books.untaught(date),
        text=_untaught_text,
        url=lambda person: reverse("journal:load_gaps") + "?kind=teacher",
        button="Назначить",
    ),
)

# Rules of entry


def _unposted_text(count: int) -> str:
    lessons = russian.plural(count, "урок", "урока", "уроков")
    return f"Не заполнено за две недели: {count} {lessons}"


COUNTERS.register(
    "lessons-unposted",
    Counter(
        icon="grid",
        concerns=_teaches,
        rows=unposted.waiting_for,
        text=_unposted_text,
        url=lambda person: reverse("journal:unposted_list"),
        button="Заполнить",
    ),
)
