"""Which elements are due for the yearly review (3.1), and which outside services are described (5.1). Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from eios.lib import russian
from resources.models import ConnectionAnswer, Element, Review, ServiceConnection

# So many days before the term the overview says that it is near.
SOON = datetime.timedelta(days=30)
STATES = {
    "": "Все",
    "due": "Пора проверить",
    "never": "Не проверялись",
    "failing": "Не соответствуют",
    "well": "Проверены",
}
CONNECTIONS = {
    "": "Все",
    "none": "Подключение не описано",
    "waiting": "Ждёт подтверждения",
    "confirmed": "Подтверждено",
}
Answer, Place = ConnectionAnswer.Answer, ServiceConnection.Place


@dataclass(frozen=True)
class Row:
    """An element with its newest review and what is known of its connection, on a date."""

    element: Element
    review: Review | None
    connection: ServiceConnection | None
    date: datetime.date

    @property
    def is_due(self) -> bool:
        return self.review is None or self.review.next_due < self.date

    @property
    def state(self) -> tuple[str, str]:
        """The kind of the tag and its words."""
        if self.review is None:
            return "no", "не проверялся"
        if self.is_due:
            return "no", f"пора проверить с {russian.short_date(self.review.next_due)}"
        if not self.review.complies:
            return "no", "не соответствует"
        if self.review.next_due <= self.date + SOON:
            return "wait", "соответствует, срок близко"
        return "ok", "соответствует"

    @property
    def connected(self) -> tuple[str, str]:
        """The kind of the tag and its words about clause 5.1; nothing of the portal's own sections."""
        if self.element.is_built_in:
            return "", ""
        if self.connection is None:
            return "no", "не описано"
        return ("ok", "подтверждено") if self.connection.is_confirmed else ("wait", "ждёт подтверждения")


def under_review() -> QuerySet[Element]:
    """Elements that are reviewed every year: whole ones in use, platforms and built sections; parts go with them."""
    elements = Element.objects.filter(parent__isnull=True).exclude(kind=Element.Kind.BUILT_IN, address="")
    newest = Review.objects.newest_of(OuterRef("pk"))
    return elements.annotate(
        newest=Subquery(newest.values("pk")[:1]),
        due=Subquery(newest.values("next_due")[:1]),
        complies=Subquery(newest.values("complies")[:1]),
    )


def to_review(date: datetime.date) -> QuerySet[Element]:
    """Elements never reviewed, or whose term from the newest review is over on the date."""
    return under_review().filter(_due(date))


def _due(date: datetime.date) -> Q:
    return Q(due__isnull=True) | Q(due__lt=date)


def matching(filters: dict[str, str], date: datetime.date, among: QuerySet[Element] | None = None) -> QuerySet[Element]:
    """Elements under review that the filters leave, the most urgent first."""
    found = under_review().matching(filters["q"]).filter(_of_state(filters["state"], date))
    found = found.filter(_of_connection(filters["connection"]))
    if filters["kind"]:
        found = found.filter(kind=filters["kind"])
    if among is not None:
        found = found.filter(pk__in=among.values("pk"))
    return found.order_by("-kind", "order", "number", "name").select_related("connection")


def _of_state(state: str, date: datetime.date) -> Q:
    return {
        "due": _due(date),
        "never": Q(due__isnull=True),
        "failing": Q(complies=False),
        "well": Q(complies=True, due__gte=date),
    }.get(state, Q())


def _of_connection(connection: str) -> Q:
    outside = Q(kind=Element.Kind.EXTERNAL)
    return {
        "none": outside & Q(connection__isnull=True),
        "waiting": Q(connection__isnull=False, connection__confirmed_at__isnull=True),
        "confirmed": Q(connection__confirmed_at__isnull=False),
    }.get(connection, Q())


def rows(elements: Iterable[Element], date: datetime.date) -> list[Row]:
    """The elements of `matching` with their newest reviews; one query for any number of them."""
    elements = list(elements)
    newest = Review.objects.select_related("by").in_bulk([one.newest for one in elements if one.newest])
    return [Row(one, newest.get(one.newest), connection_of(one), date) for one in elements]


def connection_of(element: Element) -> ServiceConnection | None:
    """What is known of the service's connection; no query where it was selected with the element."""
    try:
        return element.connection
    except ServiceConnection.DoesNotExist:
        return None


def lacks_of(connection: ServiceConnection) -> list[str]:
    """What stands in the way of confirming a connection (5.1), in sentences; nothing when it may be confirmed."""
    answers = {row.requirement: row for row in connection.answers.all()}
    found = []
    for requirement in ConnectionAnswer.Requirement:
        row = answers.get(requirement)
        if row is None:
            found.append(f"{requirement.label}: ответа ещё нет.")
        elif row.answer == Answer.FAILS:
            found.append(f"{requirement.label}: не соответствует.")
    if connection.place == Place.UNKNOWN:
        found.append("Не выяснено, где серверы службы.")
    if connection.data_passed and connection.place == Place.ABROAD:
        found.append("Персональные данные передаются, а серверы — за пределами России: это запрещает закон 152-ФЗ.")
    return found
