"""Suggestions (3.5): the own ones, and those that a person answers. Reads only."""

from django.db.models import Q, QuerySet

from resources import access
from resources.asker import Asker
from resources.models import Element, Suggestion
from resources.positions import OPENED_BY_POSITION

STATES = {"": "Все", "waiting": "Ждут ответа", "accepted": "Приняты", "declined": "Отклонены"}


def answers(asker: Asker) -> bool:
    """Does anything come to this person: an administrator of some element, or the system administrator?"""
    return bool(OPENED_BY_POSITION["desk"] & asker.position_codes)


def answered_by(asker: Asker) -> QuerySet[Suggestion]:
    """About elements that one administers; about none of them too for the system administrator."""
    mine = Q(element__in=access.elements_administered_by(asker).values("pk"))
    if asker.is_system_administrator:
        mine |= Q(element__isnull=True)
    return Suggestion.objects.filter(mine).select_related("author", "element", "decided_by")


def about(element: Element) -> QuerySet[Suggestion]:
    return Suggestion.objects.filter(element=element).select_related("author", "element", "decided_by")


def chosen(rows: QuerySet[Suggestion], state: str) -> QuerySet[Suggestion]:
    """In one of STATES, newest first."""
    return rows.filter(state=state) if state else rows


def to_answer(rows: QuerySet[Suggestion], state: str) -> QuerySet[Suggestion]:
    """As the inbox reads them: without a state those that wait, oldest first; «all» are all."""
    if not state:
        return rows.waiting().order_by("created_at", "pk")
    return chosen(rows, "" if state == "all" else state)
