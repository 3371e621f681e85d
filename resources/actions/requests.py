"""The verbs of requests for access (5.4): ask, withdraw, confirm, decline, revoke, serve from a pool, remind.

Whoever gives at an element locks it first: of those who decide at once, one wins and the others are told.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import SchoolCard, SchoolClass, User
from accounts.one_time import new_password
from eios.lib import russian
from eios.lib.crypto import CannotOpen
from eios.lib.dates import start_of_day, today
from resources import access, class_requests, requests
from resources.actions import credentials, privileges
from resources.asker import asker_by, asker_for
from resources.logins import new_login
from resources.models import AUTHORISED, AccessRequest, Element, ExternalCredential, PoolAccount, Privilege
from resources.requests import Terms, Way

State = AccessRequest.State
MOST_A_DAY = 20
ASKED_TOO_OFTEN = f"Сегодня вы подали уже {MOST_A_DAY} заявок. Остальные подайте завтра."
POOL_IS_EMPTY = "Свободных учётных записей в партиях нет: заявка ждёт дальше. Добавьте партию или выдайте логин иначе."
NOTHING_GIVEN = "Выберите, что дать по заявке: логин или открытый элемент."
TERM_IS_OVER = "Закончился срок прежнего логина."


class AlreadyDecided(ValidationError):
    """Somebody else was first."""


class PoolIsEmpty(ValidationError):
    """No free account: the request keeps waiting."""


class PoolIsUnreadable(ValidationError):
    """The key that the account was sealed with is missing: the request keeps waiting."""


@dataclass(frozen=True)
class Given:
    """A confirmed request; `password` only of a generated login, which the administrator opens at the platform."""

    request: AccessRequest
    login: str = ""
    password: str = ""


# --- asking -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask(element: Element, person: User, *, by: Actor, note: str = "") -> AccessRequest:
    """A person asks for access to an element. Raises ValidationError: one may not, waits already, too often.

    Effects: the request; where the element's pool hands out by itself and has a free account, it is confirmed at once;
    otherwise those who decide are told. Audited.
    """
    _lock(element)
    asker = asker_for(person)
    offer = requests.offer(asker, element, access.decide(asker, element))
    if not offer.can_ask:
        raise ValidationError(offer.why_not or _why_not(offer))
    if _asked_today(person) >= MOST_A_DAY:
        raise ValidationError(ASKED_TOO_OFTEN)
    made = _make(element, [person], by=by, note=note)
    _after_asking(element, made, by=by)
    made[0].refresh_from_db()
    return made[0]


@transaction.atomic
def ask_for_class(
    element: Element, school_class: SchoolClass, pupils: Iterable[User], *, by: Actor, note: str = ""
) -> list[AccessRequest]:
    """A class teacher asks for pupils of a class: one request each. Effects as of `ask`.

    Pupils who have it or wait already are passed over. Raises ValidationError where nobody is left.
    """
    _lock(element)
    asker = asker_by(by)
    able = {row.person.pk for row in class_requests.rows_of(element, school_class, asker) if row.can_ask}
    people = [person for person in pupils if person.pk in able]
    if not people:
        raise ValidationError("Просить не за кого: у отмеченных доступ уже есть или заявка уже ждёт.")
    made = _make(element, people, by=by, note=note)
    _after_asking(element, made, by=by)
    return list(AccessRequest.objects.filter(pk__in=[one.pk for one in made]).select_related("person"))


def _why_not(offer: requests.Offer) -> str:
    if offer.last and offer.last.is_waiting:
        return "Такая заявка уже ждёт решения."
    return "Просить нечего: этот элемент вам уже открыт."


def _asked_today(person: User) -> int:
    own = AccessRequest.objects.filter(person=person, asked_by=person)
    return own.filter(asked_at__gte=start_of_day(today())).count()


def _make(element: Element, people: list[User], *, by: Actor, note: str) -> list[AccessRequest]:
    made = []
    for person in people:
        request = AccessRequest(element=element, person=person, asked_by=by.person or person, note=note.strip()[:300])
        request.save(force_insert=True)
        made.append(request)
    changes = {"state": [None, State.WAITING.value], "element": [None, str(element.pk)]}
    audit.record_many(audit.entry(by, "access_request.asked", one, changes) for one in made)
    return made


def _after_asking(element: Element, made: list[AccessRequest], *, by: Actor) -> None:
    left = [one for one in made if not _serve(one, by=by)]
    if not left:
        return
    names = left[0].person.get_full_name() if len(left) == 1 else _counted(len(left))
    people = requests.deciders_of([element], SchoolCard.current(), today())[element.pk]
    notify(
        people, "access_request_new", key=f"access_request:{left[0].pk}", by=by,
        text=f"Просят доступ к элементу «{element.name}»: {names}.",
        url=reverse("resources:desk_requests", args=[element.slug]),
    )  # fmt: skip


def _counted(number: int) -> str:
    return f"{number} {russian.plural(number, 'человек', 'человека', 'человек')}"


@transaction.atomic
def withdraw(request: AccessRequest, *, by: Actor) -> None:
    """The applicant needs it no more. Audited. Raises AlreadyDecided."""
    _claim(request, State.WITHDRAWN, by=by)
    _record(request, "access_request.withdrawn", State.WITHDRAWN, by=by)


# --- deciding ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def confirm(request: AccessRequest, terms: Terms, *, by: Actor) -> Given:
    """Confirms by a login, by opening the element, or by both, for a term (5.4).

    Effects: the login at the element (an expired one ends), a privilege where `terms.opens` and the person can't open
    it; the person is told; audit. Raises AlreadyDecided, PoolIsEmpty, ValidationError; nothing has changed then.
    """
    element = _lock(request.element)
    if by.person and request.person_id == by.person.pk:
        raise ValidationError("О своей заявке решает другой администратор.")
    _claim(request, State.CONFIRMED, by=by)
    credential, password = _give_login(element, request.person, terms, by=by)
    privilege = _open(element, request, terms, by=by) if terms.opens else None
    if credential is None and privilege is None:
        raise ValidationError(NOTHING_GIVEN)
    AccessRequest.objects.filter(pk=request.pk).update(credential=credential, privilege=privilege)
    request.refresh_from_db()
    _record(request, "access_request.confirmed", State.CONFIRMED, by=by)
    _tell(request, "подтверждена", by=by)
    return Given(request, credential.login if password else "", password)


def _give_login(element: Element, person: User, terms: Terms, *, by: Actor) -> tuple[ExternalCredential | None, str]:
    """The login and, of a generated one, its password."""
    if terms.way == Way.NONE:
        return None, ""
    if terms.way == Way.EXISTING:
        return _existing(element, person), ""
    _end_expired(element, person, by=by)
    if terms.way == Way.POOL:
        return _from_pool(element, person, terms, by=by), ""
    login, password = terms.login, terms.password
    if terms.way == Way.GENERATED:
        login, password = new_login(element, person), new_password()
    issued = credentials.issue(
        element, person, login=login, password=password, source=terms.way, by=by, expires_on=terms.ends
    )
    return issued, password if terms.way == Way.GENERATED else ""


def _from_pool(element: Element, person: User, terms: Terms, *, by: Actor) -> ExternalCredential:
    try:
        taken = credentials.take_from_pool(
            element, person, by=by, only_automatic=terms.only_automatic, expires_on=terms.ends
        )
    except CannotOpen as trouble:
        raise PoolIsUnreadable(f"Учётную запись из партии не прочитать: {trouble}") from trouble
    if taken is None:
        raise PoolIsEmpty(POOL_IS_EMPTY)
    return taken


def _existing(element: Element, person: User) -> ExternalCredential:
    found = requests.login_of(person, element, today())
    if found is None or not requests.is_unclaimed(found):
        raise ValidationError("Действующего логина, выданного помимо заявок, у человека нет.")
    return found


def _end_expired(element: Element, person: User, *, by: Actor) -> None:
    standing = ExternalCredential.objects.standing().filter(element=element, person=person, expires_on__lt=today())
    for one in standing:
        credentials.end(one, TERM_IS_OVER, by=by)


def _open(element: Element, request: AccessRequest, terms: Terms, *, by: Actor) -> Privilege | None:
    """A privilege, only where the person lacks the right."""
    if not requests.lacks_right(access.decide(asker_for(request.person), element)):
        return None
    basis = f"Заявка от {russian.short_date(timezone.localdate(request.asked_at))}"
    privilege = Privilege(element=element, person=request.person, starts=today(), ends=terms.ends, basis=basis)
    return privileges.grant(privilege, by=by)


@transaction.atomic
def decline(request: AccessRequest, answer: str, *, by: Actor) -> None:
    """No access, and why. The person is told; audit. Raises ValidationError (no reason), AlreadyDecided."""
    if not answer.strip():
        raise ValidationError({"answer": "Укажите, почему заявка отклонена."})
    _claim(request, State.DECLINED, by=by, answer=answer.strip()[:300])
    _record(request, "access_request.declined", State.DECLINED, by=by)
    _tell(request, "отклонена", by=by)


@transaction.atomic
def decline_all(found: Iterable[AccessRequest], answer: str, *, by: Actor) -> int:
    """One reason for many; those that somebody has decided meanwhile are passed over. Returns how many."""
    count = 0
    for request in found:
        try:
            decline(request, answer, by=by)
        except AlreadyDecided:
            continue
        count += 1
    return count


def confirm_all(
    found: Iterable[AccessRequest], terms: Terms, *, by: Actor
) -> tuple[list[Given], list[tuple[AccessRequest, str]]]:
    """Confirms many alike, the oldest first, each by itself: what was given, and what was not with the reason."""
    given, refused = [], []
    for request in sorted(found, key=lambda one: (one.asked_at, one.pk)):
        try:
            given.append(confirm(request, terms, by=by))
        except ValidationError as refusal:
            refused.append((request, " ".join(refusal.messages)))
    return given, refused


@transaction.atomic
def revoke(request: AccessRequest, reason: str, *, by: Actor) -> None:
    """Takes back what a confirmed request gave: the login and the privilege end. The person is told; audit.

    Raises ValidationError: no reason, or nothing stands any more.
    """
    _lock(request.element)
    request = AccessRequest.objects.select_related("credential", "privilege", "element", "person").get(pk=request.pk)
    if not reason.strip():
        raise ValidationError({"answer": "Укажите, почему доступ прекращён."})
    if not request.gives_on(today()):
        raise ValidationError("По этой заявке уже ничего не действует.")
    if request.credential and request.credential.ended_at is None:
        credentials.end(request.credential, reason, by=by)
    if request.privilege and request.privilege.revoked_at is None:
        privileges.revoke(request.privilege, reason, by=by)
    audit.record(by, "access_request.revoked", request)
    _tell(request, "больше не действует: доступ прекращён", by=by, event="revoked")


def _claim(request: AccessRequest, state: str, *, by: Actor, answer: str = "") -> None:
    """The one conditional update by which a waiting request is decided. Raises AlreadyDecided."""
    fields = {"state": state, "decided_by": by.person, "decided_at": timezone.now(), "answer": answer}
    if AccessRequest.objects.waiting().filter(pk=request.pk).update(**fields):
        request.state, request.decided_by = state, by.person
        return
    now = AccessRequest.objects.select_related("decided_by").get(pk=request.pk)
    who = f", {now.decided_by.initials}" if now.decided_by else ""
    raise AlreadyDecided(f"Заявку {now.person.initials} уже решили: {now.get_state_display()}{who}.")


def _record(request: AccessRequest, action: str, state: str, *, by: Actor) -> None:
    audit.record(by, action, request, {"state": [State.WAITING.value, state.value]})


def _tell(request: AccessRequest, words: str, *, by: Actor, event: str = "") -> None:
    notify(
        [request.person], "access_request_decided", key=f"access_request:{request.pk}:{event or request.state}", by=by,
        text=f"Заявка на доступ к элементу «{request.element.name}» {words}.", url=reverse("resources:request_list"),
    )  # fmt: skip


def _lock(element: Element) -> Element:
    return Element.objects.select_for_update().get(pk=element.pk)


# --- by itself --------------------------------------------------------------------------------------------------------


def serve_waiting(element: Element, *, by: Actor) -> int:
    """Hands free accounts of pools that hand out by themselves to waiting requests, the oldest first: how many.

    For whoever has made accounts free: the import of a library's answer, the return of an account. A request of a
    person who was given a login meanwhile is confirmed by that one.
    """
    count = 0
    for request in AccessRequest.objects.waiting().filter(element=element).order_by("asked_at", "pk"):
        with transaction.atomic():
            _lock(element)
            count += _serve(request, by=by)
    return count


def _serve(request: AccessRequest, *, by: Actor) -> bool:
    """Confirms a request from a pool, if it can be done now; the element is locked already."""
    element, person = request.element, request.person
    # What is closed above that asks to be opened as well, and this is somebody's decision.
    if element.closure > AUTHORISED or not User.objects.alive(today()).filter(pk=person.pk).exists():
        return False
    login = requests.login_of(person, element, today())
    if not (requests.is_unclaimed(login) if login else _has_free_account(element)):
        return False
    terms = Terms(way=Way.EXISTING) if login else Terms(way=Way.POOL, only_automatic=True)
    try:
        confirm(request, terms, by=Actor(None, by.address, "портал, выдача по заявке"))
    except ValidationError:  # decided meanwhile, no account, a key that is missing: it goes on waiting for a person
        return False
    return True


def _has_free_account(element: Element) -> bool:
    ready = PoolAccount.objects.ready()
    return ready.filter(pool__element=element, pool__hands_out_itself=True).exists()


OLD = datetime.timedelta(days=3)


@transaction.atomic
def remind(now: datetime.datetime, *, by: Actor) -> tuple[int, int]:
    """Reminds those who decide of requests older than three days, of each at most once in three days.

    One notification for a person, which names the number alone. Returns (people told, requests).
    """
    due = AccessRequest.objects.waiting().filter(asked_at__lte=now - OLD)
    due = due.exclude(reminded_at__gt=now - OLD).select_for_update(of=("self",)).select_related("element")
    rows = list(due.order_by("pk"))
    elements = {one.element_id: one.element for one in rows}
    deciders = requests.deciders_of(elements.values(), SchoolCard.current(), today()) if rows else {}
    counts: dict[User, int] = {}
    for one in rows:
        for person in deciders[one.element_id]:
            counts[person] = counts.get(person, 0) + 1
    told = sum(_remind(person, count, now, by=by) for person, count in counts.items())
    AccessRequest.objects.filter(pk__in=[one.pk for one in rows]).update(reminded_at=now)
    return told, len(rows)


def _remind(person: User, count: int, now: datetime.datetime, *, by: Actor) -> int:
    wait = russian.plural(count, "заявка ждёт", "заявки ждут", "заявок ждут")
    return notify(
        [person], "access_request_new", key=f"access_requests:old:{now:%Y-%m-%dT%H}", by=by,
        text=f"{count} {wait} вашего решения дольше трёх дней.", url=reverse("resources:desk_list"),
    )  # fmt: skip
