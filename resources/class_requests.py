"""A class teacher asks for the own class: for which elements, and how it stands with each pupil. Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import SchoolClass, User
from resources import access, audience, tree
from resources.asker import Asker
from resources.models import AUTHORISED, AccessRequest, Element, ExternalCredential
from resources.requests import BARRED, Line, hands_out_logins, lacks_right, line_of

OPEN, HAS, WAITS = "open", "has", "waits"


@dataclass(frozen=True)
class Row:
    """One pupil of the class: may be asked for, has access already, or waits for it."""

    person: User
    state: str
    line: Line

    @property
    def can_ask(self) -> bool:
        return self.state == OPEN


LINES = {
    OPEN: Line(OPEN, "", "нет доступа", ""),
    HAS: Line(HAS, "ok", "уже есть", ""),
}


def elements_for(asker: Asker) -> list[Element]:
    """What one may ask for pupils: known to the teacher and to pupils, and given by the school."""
    known = Q(is_listed=True, parent__isnull=True) | Q(closure__lte=AUTHORISED)
    rows = access.elements_known_to(asker).filter(known).exclude(keeping__in=list(BARRED))
    return [one for one in rows if hands_out_logins(one) or one.closure > AUTHORISED]


def rows_of(element: Element, school_class: SchoolClass, asker: Asker) -> list[Row]:
    """Every pupil of the class by name; a constant number of queries."""
    pupils = list(User.objects.in_classes([school_class], asker.date).order_by("sort_name", "pk"))
    keys = [one.pk for one in pupils]
    requests = AccessRequest.objects.waiting().filter(element=element, person__in=keys).select_related("asked_by")
    waiting = {one.person_id: one for one in requests}
    logins = ExternalCredential.objects.valid(asker.date).filter(element=element, person__in=keys)
    having = set(logins.values_list("person", flat=True))
    ground = tree.ground_of(asker.school, element)
    closed = {one.key for one in audience.people(asker, ground, keys=keys) if lacks_right(access.judge(one, ground))}
    lacking = closed | (set(keys) - having if hands_out_logins(element) else set())
    return [_row(one, waiting.get(one.pk), one.pk in lacking, asker.date) for one in pupils]


def _row(person: User, request: AccessRequest | None, lacks: bool, date: datetime.date) -> Row:
    if request:
        return Row(person, WAITS, line_of(request, date))
    state = OPEN if lacks else HAS
    return Row(person, state, LINES[state])
