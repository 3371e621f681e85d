"""What of this app waits for people in «Ждёт вас»; filled in when the portal starts."""

from django.urls import reverse

from accounts.counters import Counter
from accounts.hints import COUNTERS
from eios.lib import russian
from resources import credentials

# Logins and passwords at platforms


def _to_close_text(count: int) -> str:
    sign_ins = russian.plural(count, "вход", "входа", "входов")
    return f"Закройте на платформах {count} {sign_ins}: люди ушли или срок вышел"


COUNTERS.register(
    "logins-to-close",
    Counter(
        icon="key",
        concerns=lambda person: person.is_employee and not person.is_system_administrator,
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
