"""Requests for access (5.4): to whom asking is offered, what became of each, who decides. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.actions.administrators import administrators_on
from accounts.classes import classes_of
from accounts.models import Enrolment, Relation, SchoolCard, User
from accounts.places import places_on
from eios.lib import russian
from eios.lib.access import ADMINISTER
from resources import access, pools, tree
from resources.asker import Asker, living_administrators
from resources.models import AccessRequest, Element, ExternalCredential

State = AccessRequest.State
RELATED = (
    "element", "person", "asked_by", "decided_by", "credential", "credential__ended_by", "privilege",
    "privilege__revoked_by",
)  # fmt: skip
# Libraries whose logins come from the school (10.5, 10.6); in the others one registers oneself.
BY_SCHOOL = (Element.LibraryWay.CODES, Element.LibraryWay.POOL)
BARRED = {
    Element.Keeping.NAMELESS: "Коды этой платформы не связывают с именем, поэтому через портал их не просят и не "
    "выдают: код раздают на месте.",
    Element.Keeping.STATE_SIGN_IN: "На эту платформу входят через Госуслуги: школа не выдаёт к ней логинов, и портал "
    "их не хранит.",
}
OWN_REGISTRATION = "В этой библиотеке каждый регистрируется сам: заявка не нужна."
ADMINISTERS = "Вы администратор элемента: доступ выдаёте на его столе."


class Way(models.TextChoices):
    """How a request is confirmed."""

    TYPED = "typed", "ввести логин и пароль"
    GENERATED = "generated", "создать логин и пароль"
    POOL = "pool", "взять из партии обезличенных"
    LIBRARY = "library", "логин выдала сама библиотека, в своём кабинете"
    EXISTING = "existing", "логин уже выдан: считать заявку исполненной"
    NONE = "none", "логин не нужен: только открыть элемент"


@dataclass(frozen=True)
class Terms:
    """How a request is confirmed: the way of the login, the typed one, does the element open too, the last day.

    `only_automatic`: from pools alone that are handed out without anybody's decision.
    """

    way: str = Way.NONE
    login: str = ""
    password: str = ""
    opens: bool = False
    ends: datetime.date | None = None
    only_automatic: bool = False


# --- what became of a request ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """The state of a request, the same for both sides: a code, a word with the kind of its tag, and a sentence."""

    code: str
    kind: str
    words: str
    detail: str


def line_of(request: AccessRequest, date: datetime.date, deciders: str = "") -> Line:
    """The request taken with RELATED; `deciders` are the names of those who decide on a waiting one."""
    if request.is_waiting:
        by = f", решает: {deciders}" if deciders else ""
        return Line("waiting", "wait", "ждёт решения", _sentence(f"С {_day(request.asked_at)}{by}"))
    decided = _sentence(f"{_day(request.decided_at)}, {_decider(request)}")
    if request.state == State.DECLINED:
        return Line("declined", "no", "отклонена", f"{decided} Причина: {request.answer}")
    if request.state == State.WITHDRAWN:
        return Line("withdrawn", "", "отозвана", decided)
    if request.gives_on(date):
        last = _last_day(request)
        until = f" Действует по {russian.short_date(last)}." if last else ""
        return Line("confirmed", "ok", "подтверждена", f"{decided}{until}")
    return _ended(request, date)


def _ended(request: AccessRequest, date: datetime.date) -> Line:
    """A confirmed one that gives nothing any more: taken back, or its term is over."""
    credential, privilege = request.credential, request.privilege
    if credential and credential.ended_at:
        return Line("ended", "no", "доступ прекращён", f"{_day(credential.ended_at)}. Причина: {credential.end_reason}")
    if privilege and privilege.revoked_at:
        return Line(
            "ended", "no", "доступ прекращён", f"{_day(privilege.revoked_at)}. Причина: {privilege.revoke_reason}"
        )
    last = _last_day(request)
    return Line("expired", "no", "срок истёк", f"Доступ действовал по {russian.short_date(last)}." if last else "")


def _last_day(request: AccessRequest) -> datetime.date | None:
    """The last day of what was given; None where one of them has no term."""
    days = [request.credential.expires_on] if request.credential else []
    days += [request.privilege.ends] if request.privilege else []
    return None if not days or None in days else max(days)


def _sentence(text: str) -> str:
    """With one full stop: initials end with one of their own."""
    return f"{text.removesuffix('.')}."


def _day(moment: datetime.datetime) -> str:
    return russian.short_date(timezone.localdate(moment))


def _decider(request: AccessRequest) -> str:
    return request.decided_by.initials if request.decided_by else "автоматически"


# --- who decides ---------------------------------------------------------------------------------------------------


def deciders_of(elements: Iterable[Element], school: SchoolCard, date: datetime.date) -> dict[int, list[User]]:
    """Living administrators of each element, or the system administrators where there are none (5.4).

    Three queries at most for any number of elements.
    """
    living = living_administrators(date)
    keys = {one.pk: tree.ground_of(school, one).administrators & living for one in elements}
    people = User.objects.in_bulk(set().union(*keys.values()))
    chiefs = [] if all(keys.values()) else list(_system_administrators(date))
    return {
        element: sorted((people[key] for key in found), key=lambda one: one.sort_name) if found else chiefs
        for element, found in keys.items()
    }


def _system_administrators(date: datetime.date) -> QuerySet[User]:
    return User.objects.alive(date).filter(pk__in=administrators_on(date).values("pk"))


def named(people: Iterable[User]) -> str:
    """«Иванова М. П., Петров А. С.»; the system administrator where the list is nobody's."""
    return ", ".join(one.initials for one in people) or "системный администратор"


# --- to whom asking is offered ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """What the card of an element says of requests to one person: may one ask, why not, and the last request."""

    can_ask: bool = False
    why_not: str = ""
    last: AccessRequest | None = None
    line: Line | None = None

    @property
    def is_shown(self) -> bool:
        return bool(self.can_ask or self.why_not or self.last)


def hands_out_logins(element: Element) -> bool:
    """A platform with a door of its own, to which the school gives logins that the portal may keep."""
    if not element.keeps_credentials:
        return False
    if element.is_library:
        return element.library_way in BY_SCHOOL
    return element.outside_access == Element.OutsideAccess.AUTHORISED


def lacks_right(decision: access.Decision) -> bool:
    """Closed by the level or for want of a privilege: conditions alone are nobody's to lift by a request."""
    return not decision.allowed and bool(decision.ask)


def offer(asker: Asker, element: Element, decision: access.Decision) -> Offer:
    """What is offered to the one who asks; nothing to a guest. Five queries at most."""
    if asker.person is None:
        return Offer()
    rows = AccessRequest.objects.filter(element=element, person=asker.person)
    last = rows.select_related(*RELATED).first()
    line = None
    if last:
        names = named(deciders_of([element], asker.school, asker.date)[element.pk]) if last.is_waiting else ""
        line = line_of(last, asker.date, names)
        if last.is_waiting or last.gives_on(asker.date):
            return Offer(last=last, line=line)
    why_not = _why_not(asker, element, decision)
    return Offer(why_not is None, why_not or "", last, line)


def _why_not(asker: Asker, element: Element, decision: access.Decision) -> str | None:
    """None where one may ask; "" where there is nothing to ask for."""
    if element.keeping in BARRED:
        return BARRED[element.keeping]
    if access.decide(asker, element, ADMINISTER).allowed:
        return ADMINISTERS if hands_out_logins(element) else ""
    if lacks_right(decision):
        return None
    if element.is_library and element.library_way not in (*BY_SCHOOL, Element.LibraryWay.FREE):
        return OWN_REGISTRATION
    if not hands_out_logins(element) or login_of(asker.person, element, asker.date):
        return ""
    return None


def login_of(person: User, element: Element, date: datetime.date) -> ExternalCredential | None:
    """The person's login at the element that works on the date, an own note among them."""
    return ExternalCredential.objects.valid(date).filter(person=person, element=element).first()


def is_unclaimed(login: ExternalCredential) -> bool:
    """The school gave it apart from requests, so that one may still be settled by it; an own note is its owner's."""
    if login.source == ExternalCredential.Source.NOTED:
        return False
    return not AccessRequest.objects.filter(credential=login).exists()


def ways_for(element: Element, person: User, date: datetime.date, *, is_closed: bool) -> list[tuple[str, str]]:
    """How a request of the person may be confirmed, the usual way first; empty where there is nothing to give.

    `is_closed`: the person lacks the right to open the element, so that opening it alone is worth something.
    """
    ways = [(way, way.label) for way in _ways_of_login(element, login_of(person, element, date))]
    if Way.GENERATED in dict(ways) and element.pools.exists():
        free = pools.free(element)
        # The first one is chosen to begin with: not a pool with nothing in it.
        ways.insert(0 if free else len(ways), (Way.POOL, f"{Way.POOL.label} (свободно: {free})"))
    return ways + ([(Way.NONE, Way.NONE.label)] if is_closed else [])


def _ways_of_login(element: Element, login: ExternalCredential | None) -> list[Way]:
    if not element.keeps_credentials:
        return []
    if login:
        return [Way.EXISTING] if is_unclaimed(login) else []
    return [Way.GENERATED, Way.TYPED, *([Way.LIBRARY] if element.is_library else [])]


# --- lists ------------------------------------------------------------------------------------------------------------

STATES = {
    "": "Все",
    "waiting": "Ждут решения",
    "confirmed": "Действуют",
    "over": "Закончились",
}


def chosen(rows: QuerySet[AccessRequest], state: str, date: datetime.date) -> QuerySet[AccessRequest]:
    """Requests in one of STATES; waiting ones are read oldest first, others newest first."""
    if state == "waiting":
        return rows.waiting().order_by("asked_at", "pk")
    if state == "confirmed":
        return rows.giving(date)
    if state == "over":
        return rows.exclude(pk__in=rows.waiting().values("pk")).exclude(pk__in=rows.giving(date).values("pk"))
    return rows


def of_person(person: User, date: datetime.date) -> QuerySet[AccessRequest]:
    """The own requests, and those that one made for pupils of a class one leads now."""
    rows = Q(person=person)
    classes = classes_of(person, date) if person.led_classes or person.level > 1 else None
    if classes is not None:
        pupils = Enrolment.objects.on(date).filter(school_class__in=classes.order_by().values("pk"))
        rows |= Q(asked_by=person, person__in=pupils.values("pupil"))
    return AccessRequest.objects.filter(rows).select_related(*RELATED)


def at_element(element: Element, date: datetime.date) -> QuerySet[AccessRequest]:
    """Requests for the element, each person with the place at school (`accounts.incidents.who`); four queries."""
    return (
        AccessRequest.objects.filter(element=element)
        .select_related(*RELATED)
        .prefetch_related(
            *places_on(date, "person__"),
            Prefetch("person__children_relations", Relation.objects.living(date), to_attr="children_now"),
        )
    )


def on_desk(element: Element, state: str, query: str, date: datetime.date) -> QuerySet[AccessRequest]:
    """Requests for the element in one state (without one, those that wait), of people whom the query finds."""
    rows = at_element(element, date)
    if query:
        rows = rows.filter(person__in=User.objects.matching(query).values("pk"))
    return chosen(rows, "" if state == "all" else state or "waiting", date)


@dataclass(frozen=True)
class Told:
    """A request as the applicant reads it; the card is linked where one may know of the element."""

    request: AccessRequest
    line: Line
    is_known: bool


def told(rows: Iterable[AccessRequest], asker: Asker) -> list[Told]:
    """Requests with their lines; five queries at most for any number."""
    rows = list(rows)
    waiting = {one.element_id: one.element for one in rows if one.is_waiting}
    deciders = deciders_of(waiting.values(), asker.school, asker.date) if waiting else {}
    keys = {one.element_id for one in rows}
    known = set(access.elements_known_to(asker).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        Told(one, line_of(one, asker.date, named(deciders.get(one.element_id, []))), one.element_id in known)
        for one in rows
    ]
