"""What the public pages of the registry show: groups, filters, counts. Reads only."""

from accounts.models import SchoolCard
from eios.lib import search
from resources import access, sections
from resources.asker import Asker
from resources.models import Element

ABOUT = {
    Element.Component.ADMINISTRATIVE: "Кто управляет средой и отвечает за неё.",
    Element.Component.NORMATIVE: "Локальные акты и документы, по которым она живёт.",
    Element.Component.INFORMATIONAL: "Платформы, сайты и библиотеки, с которыми работает школа.",
    Element.Component.EDUCATIONAL: "Учебные планы, программы и материалы уроков.",
    Element.Component.TECHNOLOGICAL: "Техника, сеть и безопасность.",
}


def for_home(school: SchoolCard) -> dict:
    """Counts by component and the platforms open to all; no query."""
    listed = [element for element in sections.roots(school) if element.is_listed]
    platforms = [element for element in listed if not element.is_built_in]
    free = [element for element in platforms if element.outside_access == Element.OutsideAccess.FREE]
    counts = {value: sum(element.component == value for element in listed) for value in ABOUT}
    return {
        "components": [
            {"slug": value, "title": value.label, "about": about, "count": counts[value]}
            for value, about in ABOUT.items()
        ],
        "open_elements": [element for element in free if element.address and not element.doubtful][:6],
        "platform_count": len(platforms),
        "free_count": len(free),
    }


def for_cabinet(asker: Asker) -> dict:
    """Platforms that the person may use, and closed ones that one may know of, each with its decision; no query."""
    platforms = [element for element in sections.roots(asker.school) if not element.is_built_in]
    decided = [(element, access.decide(asker, element)) for element in platforms]
    mine = [element for element, decision in decided if decision.allowed]
    return {
        "my_elements": mine,
        "my_elements_key": ",".join(str(element.pk) for element in mine),
        "closed_elements": [
            {"element": element, "why": decision.reasons, "ask": decision.ask}
            for element, decision in decided
            if not decision.allowed and (element.is_listed or decision.is_for_conditions_only)
        ],
    }


def listing(asker: Asker, filters: dict) -> dict:
    """The registry, filtered: platforms by components, built-in sections apart. One query; two if nothing is found."""
    known = Element.objects.filter(access.known_to(asker), parent__isnull=True)
    found = known.matching(filters["q"])
    if filters["component"]:
        found = found.filter(component=filters["component"])
    if filters["access"]:
        found = found.filter(outside_access=filters["access"], kind=Element.Kind.EXTERNAL)
    rows = list(found)
    platforms = [element for element in rows if not element.is_built_in]
    groups = [(value.label, [e for e in platforms if e.component == value]) for value in Element.Component]
    return {
        "groups": [(label, elements) for label, elements in groups if elements],
        "sections": [element for element in rows if element.is_built_in and element.address],
        "found": len(platforms),
        "suggestion": "" if rows or not filters["q"] else _suggestion(known, filters["q"]),
    }


def _suggestion(known, query: str) -> str:
    vocabulary = {word for text in known.values_list("search", flat=True) for word in text.split()}
    return search.suggestion(query, sorted(vocabulary))
