"""Lists of outside resources and of library editions: filters, places, who writes (1.3 a, 1.4, 3.7). Reads only.

Work programmes point at resources and editions: their rows are withdrawn, never deleted.
"""

from django.db.models import Q, QuerySet

from resources import access, sections
from resources.asker import Asker
from resources.models import Element, Holding, LibraryEdition, OutsideResource

SECTION = "library"


def may_write(asker: Asker) -> bool:
    """May the asker add to the library: entrusted with it, or its administrator?"""
    return sections.may_contribute(asker, SECTION)


def listed(rows: QuerySet, filters: dict[str, str]) -> QuerySet:
    """Rows under the filters of the page, those in use unless others are asked for."""
    rows = rows.filter(state=filters["state"] or Holding.State.ACTIVE).matching(filters["q"])
    if filters["kind"]:
        rows = rows.filter(kind=filters["kind"])
    if filters["subject"]:
        rows = rows.filter(subjects=filters["subject"])
    if filters["grade"]:
        rows = rows.for_grade(int(filters["grade"]))
    return rows.prefetch_related("subjects")


def resources(filters: dict[str, str]) -> QuerySet[OutsideResource]:
    """Outside e-resources under the filters; «federal» is "in", "out" or ""."""
    rows = listed(OutsideResource.objects.all(), filters)
    if filters["federal"]:
        on_list = ~Q(federal_act="")
        rows = rows.filter(on_list if filters["federal"] == "in" else ~on_list)
    return rows


def editions(filters: dict[str, str]) -> QuerySet[LibraryEdition]:
    """Editions under the filters; «where» is "shelf", "electronic" or "". An ISBN is found with its hyphens too."""
    number = filters["q"].replace("-", "").replace(" ", "")
    filters = filters | ({"q": number} if number.isdigit() else {})
    rows = listed(LibraryEdition.objects.all(), filters).order_by("author", "title", "-year", "pk")
    if filters["where"] == "shelf":
        return rows.filter(copies__gte=1)
    return rows.exclude(element=None, address="") if filters["where"] == "electronic" else rows


def place_of(holding: Holding, asker: Asker) -> Element | None:
    """The platform where it is read, for those who may know of the platform."""
    return access.elements_known_to(asker).filter(pk=holding.element_id).first() if holding.element_id else None


def places_for(holding: Holding, asker: Asker) -> QuerySet[Element]:
    """Platforms that whoever describes the holding may name; the one that stands there among them."""
    known = access.elements_known_to(asker).filter(kind=Element.Kind.EXTERNAL, parent__isnull=True).values("pk")
    return Element.objects.filter(Q(pk__in=known) | Q(pk=holding.element_id))
