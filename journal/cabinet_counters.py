"""What of the journal waits for people in «Ждёт вас»; filled in when the portal starts."""

from django.urls import reverse

from accounts.counters import Counter
from accounts.hints import COUNTERS
from eios.lib import russian
from journal import books, rights


def _untaught_text(count: int) -> str:
    return f"Нет учителя: {count} {russian.plural(count, 'журнал', 'журнала', 'журналов')}"


# Load
COUNTERS.register(
    "gradebooks-untaught",
    Counter(
        icon="people", concerns=rights.manages, rows=lambda key, date: books.untaught(date), text=_untaught_text,
        url=lambda person: reverse("journal:load_gaps") + "?kind=teacher", button="Назначить",
    ),
)  # fmt: skip
