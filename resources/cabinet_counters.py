"""What of the registry waits for people in «Ждёт вас»; filled in when the portal starts."""

from django.urls import reverse

from accounts.counters import Counter
from accounts.hints import COUNTERS
from accounts.models import User
from eios.lib import russian
from resources import reviews

# Reviews of elements


def _reviews_text(count: int) -> str:
    return f"Пора проверить {count} {russian.plural(count, 'элемент', 'элемента', 'элементов')} среды"


def _reviews_url(person: User) -> str:
    return reverse("resources:desk_reviews") + "?state=due"


COUNTERS.register(
    "reviews-due",
    Counter(
        icon="clipboard",
        concerns=lambda person: person.is_employee and not person.is_system_administrator,
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
