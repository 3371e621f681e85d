"""The one rule of access (5.2-5.5): who may open, contribute to or administer an element, and why.

The decision and its explanation come from one function; lists use its SQL form, proven equal by a test.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Appointment, Enrolment
from eios.lib.access import ADMINISTER, CONTRIBUTE, OPEN
from resources import deciding, tree
from resources.asker import Asker
from resources.models import (
    BY_NAME,
    FREE,
    Condition,
    Document,
    Element,
    Privilege,
    Reach,
    TrainingElement,
)
from resources.positions import OPENED_BY_POSITION
from resources.tree import Grantee, Ground, Need

TO_ADMINISTRATOR = "Системный администратор школы."


class Facts(Protocol):
    """What the rule asks of a person who passed the gate: `asker.Asker` of one, `audience.Known` of many at once."""

    level: int
    position_codes: frozenset[str]
    is_system_administrator: bool
    date: datetime.date
    living_administrators: frozenset[int]
    grantees: tuple[Grantee, ...]

    def administers(self, people: Collection[int]) -> bool: ...
    def meets(self, need: Need) -> bool: ...


@dataclass(frozen=True)
class Decision:
    """The answer with its reasons, in Russian sentences; of a closed door, what to do about it.

    The sentences suit the person and those who ask about the person alike.
    `unmet` are conditions that don't hold; `ask` says whom to turn to.
    """

    allowed: bool
    reasons: tuple[str, ...]
    ask: str = ""
    unmet: tuple[Need, ...] = ()

    @property
    def is_for_conditions_only(self) -> bool:
        """Closed by nothing but conditions: the right is there."""
        return bool(self.unmet) and not self.ask


def decide(asker: Asker, element: Element, to: str = OPEN) -> Decision:
    """May the asker do this at the element, and why (not)?"""
    facts = asker if asker.person is not None else None
    return judge(facts, tree.ground_of(asker.school, element), to)


def judge(who: Facts | None, ground: Ground, to: str = OPEN) -> Decision:
    """The rule itself: values in, values out. `None` is a guest.

    Closure 0 opens to all. Otherwise every condition must hold, and one right be there: a level, a position that
    opens, a privilege, or administering.
    """
    if to == OPEN and ground.closure == FREE:
        return Decision(True, ("Открыто всем.",))
    if who is None:
        reason = f"Нужна учётная запись школы: {ground.level_names[max(ground.closure, 1)]}."
        return Decision(False, (reason,), "Войдите под своим логином.")
    right = next(rights(who, ground, to), "")
    if not right:
        # Conditions come after the right: whoever has none is not sent to read a document first.
        return Decision(False, (_lack(who, ground, to),), ground.contact or TO_ADMINISTRATOR)
    unmet = tuple(need for need in ground.needs if not who.meets(need))
    if unmet:
        return Decision(False, tuple(need.words for need in unmet), unmet=unmet)
    return Decision(True, (right,))


def rights(who: Facts, ground: Ground, to: str = OPEN) -> Iterator[str]:
    """Every right that the person has, each in a sentence; one is enough. Conditions are asked elsewhere."""
    if to == OPEN and ground.closure < BY_NAME and who.level >= ground.closure:
        yield f"Уровень доступа: «{ground.level_names[who.level]}»."
    if to == OPEN and ground.opened_by & who.position_codes:
        yield "Открыто по должности."
    if to != ADMINISTER and ground.grants:
        yield from _grants(who, ground, to)
    yield from _administering(who, ground)


def _grants(who: Facts, ground: Ground, to: str) -> Iterator[str]:
    given = (grant for grantee in who.grantees for grant in ground.grants.get(grantee, ()))
    return (one.words for one in given if (one.to_contribute or to == OPEN) and one.on(who.date))


def _administering(who: Facts, ground: Ground) -> Iterator[str]:
    """Named administrators of the element or of one above; without a living one, the system administrator (5.4)."""
    if who.administers(ground.administrators):
        yield "Администратор элемента."
    elif who.is_system_administrator and not ground.administrators & who.living_administrators:
        yield "Системный администратор: другого администратора у элемента нет."


def _lack(who: Facts, ground: Ground, to: str) -> str:
    if to == ADMINISTER:
        return "Это делает администратор элемента."
    if to == CONTRIBUTE:
        return "Наполняют те, кому это поручено, и администратор элемента."
    if ground.closure == BY_NAME:
        return "Открыто только тем, кто назван поимённо."
    return f"Нужен уровень «{ground.level_names[ground.closure]}», сейчас — «{ground.level_names[who.level]}»."


def open_keys(asker: Asker) -> frozenset[int]:
    """Keys of all elements that `decide` opens to the asker; the database is asked about conditions at most."""
    return frozenset(open_among(asker, tree.alike(asker.school.access_version)))


def open_among(asker: Asker, groups: Iterable[tuple[Ground, Iterable[int]]]) -> Iterator[int]:
    """What `decide` opens to the asker, of numbers that stand for elements, grouped by what the rule asks of them."""
    facts = asker if asker.person is not None else None
    return (one for ground, alike in groups if judge(facts, ground).allowed for one in alike)


def entitled_keys(asker: Asker) -> frozenset[int]:
    """Keys of elements that the asker has a right to open; conditions are not asked. As `entitled_to`."""
    groups = tree.alike(asker.school.access_version)
    return frozenset(key for ground, keys in groups if _is_entitled(asker, ground) for key in keys)


def _is_entitled(asker: Asker, ground: Ground) -> bool:
    return ground.closure == FREE or (asker.person is not None and any(rights(asker, ground, OPEN)))


# --- the SQL form --------------------------------------------------------------------------------------------------


def open_to(asker: Asker) -> Q:
    """The SQL form of `decide(asker, …, "open")` for filtering elements."""
    if asker.person is None:
        return Q(closure=FREE)
    return Q(closure=FREE) | (entitled_to(asker) & ~_unmet(asker))


def entitled_to(asker: Asker) -> Q:
    """Elements that the asker has a right to open; conditions are not asked."""
    if asker.person is None:
        return Q(closure=FREE)
    by_position = [slug for slug, codes in OPENED_BY_POSITION.items() if codes & asker.position_codes]
    by_level = Q(closure__lte=asker.level, closure__lt=BY_NAME)
    return Q(closure=FREE) | by_level | Q(slug__in=by_position) | _granted_to(asker, OPEN) | _administered(asker)


def contributed_by(asker: Asker) -> Q:
    """The SQL form of `decide(asker, …, "contribute")`."""
    if asker.person is None:
        return Q(pk__in=[])
    return (_granted_to(asker, CONTRIBUTE) | _administered(asker)) & ~_unmet(asker)


def administered_by(asker: Asker) -> Q:
    """The SQL form of `decide(asker, …, "administer")`."""
    if asker.person is None:
        return Q(pk__in=[])
    return _administered(asker) & ~_unmet(asker)


def known_to(asker: Asker) -> Q:
    """Elements whose card's outside one may see: the listed ones (parts stand inside), and those one has a right to."""
    return Q(is_listed=True, parent__isnull=True) | entitled_to(asker)


def _reached_from(**above) -> Q:
    return Q(Exists(Reach.objects.filter(element=OuterRef("pk"), **above)))


def _granted_to(asker: Asker, to: str) -> Q:
    me, date = asker.person.pk, asker.date
    mine = Q(person=me) | Q(status__in=asker.statuses)
    mine |= Q(position__in=Appointment.objects.on(date).filter(person=me).values("position"))
    mine |= Q(school_class__in=Enrolment.objects.on(date).filter(pupil=me).values("school_class"))
    granted = Privilege.objects.standing().on(date).filter(mine)
    if to == CONTRIBUTE:
        granted = granted.filter(right=Privilege.Right.CONTRIBUTE)
    return _reached_from(by_privilege=True, above__in=granted.values("element"))


def _administered(asker: Asker) -> Q:
    mine = deciding.at_own(asker.person.pk, "pk") if asker.administers({asker.person.pk}) else Q(pk__in=[])
    return mine | deciding.at_ownerless(asker.date, "pk") if asker.is_system_administrator else mine


def _unmet(asker: Asker) -> Q:
    """Elements with a condition, on them or above, that does not hold for the asker."""
    kind = Condition.Kind
    unread = ~Q(document__in=Document.objects.acquainted(asker.person.pk, asker.date).values("pk"))
    ties = TrainingElement.objects.prepares_on(asker.date).filter(training__person=asker.person.pk)
    fails = Q(kind=kind.ACQUAINTANCE) & unread
    fails |= Q(kind=kind.TRAINING) & ~Q(element__in=ties.values("element"))
    if not asker.has_second_factor:
        fails |= Q(kind=kind.SECOND_FACTOR)
    if not asker.is_at_school:
        fails |= Q(kind=kind.NETWORK)
    return _reached_from(above__in=Condition.objects.filter(fails).values("element"))


def elements_open_to(asker: Asker) -> QuerySet[Element]:
    return Element.objects.filter(open_to(asker))


def elements_known_to(asker: Asker) -> QuerySet[Element]:
    return Element.objects.filter(known_to(asker))


def elements_administered_by(asker: Asker) -> QuerySet[Element]:
    return Element.objects.filter(administered_by(asker))
