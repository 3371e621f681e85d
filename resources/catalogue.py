"""What the public pages of the registry show: groups, filters, counts. Reads only."""


from eios.lib import search
from resources import access
from resources.models import Element

ABOUT = {
    Element.Component.ADMINISTRATIVE: "Кто управляет средой и отвечает за неё.",
    Element.Component.NORMATIVE: "Локальные акты и документы, по которым она живёт.",
    Element.Component.INFORMATIONAL: "Платформы, сайты и библиотеки, с которыми работает школа.",
    Element.Component.EDUCATIONAL: "Учебные планы, программы и материалы уроков.",
    Element.Component.TECHNOLOGICAL: "Техника, сеть и безопасность.",
}


def for_home() -> dict:
    """Counts by component and the platforms open to all; one query."""
    listed = list(Element.objects.filter(is_listed=True, parent__isnull=True))
    platforms = [element for element in listed if not element.is_built_in]
    free = [element for element in platforms if element.outside_access == Element.OutsideAccess.FREE]
    counts = {value: sum(element.component == value for element in listed) for value in ABOUT}
    return {
        "components": [
            {"slug": value, "title": value.label, "about": about, "count": counts[value]} for value, about in ABOUT.items()
        ],
        "open_elements": [element for element in free if element.address and not element.doubtful][:6],
        "platform_count": len(platforms),
        "free_count": len(free),
    }


def for_cabinet(person) -> dict:
    """Platforms that the person may use, and listed ones that are closed, each with its reason; one query."""
    platforms = list(Element.objects.platforms().filter(access.known_to(person)))
    decided = [(element, access.decide(person, element)) for element in platforms]
    return {
        "my_elements": [element for element, decision in decided if decision.allowed],
        "closed_elements": [
            {"element": element, "why": decision.reasons, "ask": decision.ask}
            for element, decision in decided
            if not decision.allowed
        ],
    }


def listing(visitor, filters: dict) -> dict:
    """The registry by components, platforms apart from built-in sections, filtered. One query; two when nothing is found."""
    known = Element.objects.filter(access.known_to(visitor), parent__isnull=True)
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
