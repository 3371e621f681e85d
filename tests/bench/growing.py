"""Makes the registry of the measured portal large, and tells of the late pages' queries in JSON.

A process of its own, with the settings of the portal: python -m tests.bench.growing
"""

import json
import sys

import django

django.setup()

from accounts.models import SchoolCard  # noqa: E402 (models want Django set up)
from resources import reach  # noqa: E402
from resources.models import Element  # noqa: E402
from tests.bench.sites import counted, sessions_of  # noqa: E402
from tests.bench.targets import ELEMENTS, PEOPLE, PORTAL  # noqa: E402


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


if __name__ == "__main__":
    grow()
    sessions = {"admin": sessions_of(PEOPLE[PORTAL]["admin"])}
    json.dump(counted(PORTAL, sessions, late=True), sys.stdout)
