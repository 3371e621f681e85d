"""Methodical materials: who reads drafts, who writes, what the lists show (1.4, 4.3). Reads only.

Published, a material belongs to the open library; a draft belongs to the closed section «materials», and there to its
author and to those who run the section.
"""

from django.db.models import QuerySet

from accounts.models import MethodGroup, StoredFile, User
from resources import access, sections
from resources.asker import Asker, asker_for
from resources.holdings import SECTION as LIBRARY
from resources.models import MethodicalMaterial

SECTION = "materials"


def runs(asker: Asker) -> bool:
    """Entrusted with the section, or its administrator: sees and mends everybody's."""
    return sections.may_contribute(asker, SECTION)


def may_add(asker: Asker) -> bool:
    """Authors are employees to whom the section opens; a privilege alone makes a reader, not an author."""
    opens = access.decide(asker, sections.by_slug(asker.school, SECTION)).allowed
    return opens and (asker.person.is_employee or runs(asker))


def at_desk_of(asker: Asker) -> QuerySet[MethodicalMaterial]:
    """What the asker may change, drafts too: the own ones; everybody's for those who run the section."""
    rows = MethodicalMaterial.objects.select_related("author", "subject", "method_group", "file")
    if asker.person is None or not access.decide(asker, sections.by_slug(asker.school, SECTION)).allowed:
        return rows.none()
    return rows if runs(asker) else rows.filter(author=asker.person)


def published() -> QuerySet[MethodicalMaterial]:
    rows = MethodicalMaterial.objects.published().select_related("author", "subject", "method_group", "file")
    return rows.order_by("-published_at", "-pk")


def chosen(rows: QuerySet[MethodicalMaterial], filters: dict[str, str]) -> QuerySet[MethodicalMaterial]:
    """Rows under the filters of a page."""
    rows = rows.matching(filters["q"])
    for name in ("subject", "method_group", "activity", "state"):
        if filters.get(name):
            rows = rows.filter(**{name: filters[name]})
    return rows.for_grade(int(filters["grade"])) if filters["grade"] else rows


def method_group_of(person: User | None) -> MethodGroup | None:
    """The ШМО that stands in the person's appointments: offered for a new material."""
    rows = person.appointments_now if person else []
    return next((row.method_group for row in rows if row.method_group), None)


def may_read_file(person: User | None, file: StoredFile) -> bool:
    """A published material's file opens as the library does; a draft's to those who have the draft at their desk."""
    row = MethodicalMaterial.objects.filter(file=file).first()
    if row is None:
        return False
    asker = asker_for(person)
    if row.is_published and access.decide(asker, sections.by_slug(asker.school, LIBRARY)).allowed:
        return True
    return at_desk_of(asker).filter(pk=row.pk).exists()
