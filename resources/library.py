"""The school's electronic libraries as one person sees them: how one gets in, and how far one has come (10.1-10.6)."""

from collections.abc import Iterable
from dataclasses import dataclass

from resources import access
from resources.access import Decision
from resources.asker import Asker
from resources.models import AccessRequest, Element, ExternalCredential

Way = Element.LibraryWay
WORDS = {
    Way.FREE: "Открыта всем: вход не нужен.",
    Way.OWN_AT_SCHOOL: "Каждый регистрируется сам. Первый раз — из сети школы, потом можно читать откуда угодно.",
    Way.OWN_ANYWHERE: "Каждый регистрируется сам, из любого места.",
    Way.CODES: "По личному коду, который выдаёт школа.",
    Way.POOL: "По учётной записи, которую школа подготовила заранее: в ней нет вашего имени.",
}
HERE = "Вы сейчас внутри сети школы: зарегистрироваться можно прямо сейчас."
ELSEWHERE = "Вы сейчас вне сети школы: для регистрации зайдите сюда из школы, например с компьютера библиотеки."
NAMELESS = (Way.CODES, Way.POOL)


@dataclass(frozen=True)
class Shelf:
    """One library with everything that the page says of it to this person."""

    element: Element
    decision: Decision
    words: str
    network: str
    credential: ExternalCredential | None
    is_asked: bool

    @property
    def given_by_library(self) -> bool:
        """The library has handed the account out in its own cabinet; the portal has no password."""
        return self.credential is not None and self.credential.source == ExternalCredential.Source.LIBRARY

    @property
    def may_ask(self) -> bool:
        """Accounts come from the school, and this person has none and has not asked yet."""
        ways = self.element.library_way in NAMELESS and self.element.keeps_credentials
        return ways and self.decision.allowed and self.credential is None and not self.is_asked


def shelves(asker: Asker) -> list[Shelf]:
    """Libraries that the asker may know of; three queries however many there are, one for a guest."""
    found = list(access.elements_known_to(asker).exclude(library_way="").select_related("parent"))
    held, asked = _held(asker, found), _asked(asker, found)
    return [_shelf(asker, element, held.get(element.pk), element.pk in asked) for element in found]


def _shelf(asker: Asker, element: Element, credential: ExternalCredential | None, is_asked: bool) -> Shelf:
    at_school_only = element.library_way == Way.OWN_AT_SCHOOL and asker.school.local_networks.strip()
    network = (HERE if asker.is_at_school else ELSEWHERE) if at_school_only else ""
    decision = access.decide(asker, element)
    return Shelf(element, decision, WORDS[element.library_way], network, credential, is_asked)


def _held(asker: Asker, elements: Iterable[Element]) -> dict[int, ExternalCredential]:
    if asker.person is None:
        return {}
    rows = ExternalCredential.objects.valid(asker.date).filter(person=asker.person.pk, element__in=elements)
    return {row.element_id: row for row in rows}


def _asked(asker: Asker, elements: Iterable[Element]) -> set[int]:
    if asker.person is None:
        return set()
    rows = AccessRequest.objects.waiting().filter(person=asker.person.pk, element__in=elements)
    return set(rows.values_list("element", flat=True))
