"""A class teacher asks for the own class: for which elements, and how it stands with each pupil. Reads only."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import SchoolClass, User
from accounts.models.people import PUPIL_OR_PARENT_LEVEL
from resources import access, tree
from resources.asker import Asker
from resources.models import AUTHORISED, AccessRequest, Element, ExternalCredential
from resources.requests import BARRED, Line, hands_out_logins, lacks_right, line_of
from resources.tree import Grantee, Need

OPEN, HAS, WAITS = "open", "has", "waits"


@dataclass(frozen=True)
class Pupil:
    """A pupil as the rule of access sees one, without a query; conditions are not a request's matter."""

    person: User
    school_class: SchoolClass
    date: datetime.date
    level: int = PUPIL_OR_PARENT_LEVEL
    position_codes: frozenset[str] = frozenset()
    is_system_administrator: bool = False
    living_administrators: frozenset[int] = frozenset()
    grantees: tuple[Grantee, ...] = field(init=False)

    def __post_init__(self):
        names = (("person", self.person.pk), ("status", "pupil"), ("school_class", self.school_class.pk))
        object.__setattr__(self, "grantees", names)

    def administers(self, people: Collection[int]) -> bool:
        return False

    def meets(self, need: Need) -> bool:
        return True


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
    """Every pupil of the class by name; three queries for any number."""
    date = asker.date
    pupils = list(User.objects.in_classes([school_class], date).order_by("sort_name", "pk"))
    keys = [one.pk for one in pupils]
    requests = AccessRequest.objects.waiting().filter(element=element, person__in=keys).select_related("asked_by")
    waiting = {one.person_id: one for one in requests}
    logins = ExternalCredential.objects.valid(date).filter(element=element, person__in=keys)
    having = set(logins.values_list("person", flat=True))
    ground = tree.ground_of(asker.school, element)
    return [_row(one, element, school_class, ground, waiting.get(one.pk), one.pk in having, date) for one in pupils]


def _row(person, element, school_class, ground, request, has_login, date) -> Row:
    if request:
        return Row(person, WAITS, line_of(request, date))
    lacks = lacks_right(access.judge(Pupil(person, school_class, date), ground))
    needs = lacks or (hands_out_logins(element) and not has_login)
    state = OPEN if needs else HAS
    return Row(person, state, LINES[state])
