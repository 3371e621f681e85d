"""Makes the portal large, its registry and its documents, and tells of the late pages' queries in JSON."""

import json
import sys

from accounts.models import SchoolCard
from resources import reach
from resources.models import Element
from tests.bench import searching
from tests.bench.sites import counted, sessions_of
from tests.bench.targets import ELEMENTS, PEOPLE, PORTAL


def grow() -> None:
    """Elements of every closure up to ELEMENTS, with their places in the tree."""
    rows = [
        Element(slug=f"grown-{n}", name=f"Платформа {n}", purpose="Для замера.", own_closure=n % 5, closure=n % 5)
        for n in range(Element.objects.count(), ELEMENTS)
    ]
    for row in rows:
        row.prepare_search()
    Element.objects.bulk_create(rows)
    reach.rebuild_all()
    SchoolCard.touch_public()
    SchoolCard.touch_access()


def main() -> None:
    grow()
    searching.fill()
    sessions = {who: sessions_of(PEOPLE[PORTAL][who]) for who in ("admin", "pupil")}
    json.dump(counted(PORTAL, sessions, late=True), sys.stdout)
