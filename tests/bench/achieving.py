"""Fifty entries of every pupil's portfolio within a school year, one of them waiting: more than a school has."""

import datetime
from itertools import cycle

from django.utils import timezone

from accounts.models import Enrolment
from eios.lib.dates import today
from portfolio.models import Achievement, Evidence, Level, Mode, Origin, Outcome, Sphere, State, title_key

ENTRIES = 50
TITLES = ("Олимпиада по физике", "Конкурс чтецов «Живая классика»", "Кросс наций", "Научная конференция", "Субботник")


def fill() -> int:
    """How many entries there are then."""
    pupils = list(Enrolment.objects.on(today()).order_by("pk").values_list("pupil", flat=True))
    spheres, levels, outcomes = cycle(Sphere), cycle(Level), cycle(Outcome)
    rows = [
        _entry(pupil, number, sphere=next(spheres), level=next(levels), outcome=next(outcomes))
        for pupil in pupils for number in range(ENTRIES)
    ]  # fmt: skip
    made = Achievement.objects.bulk_create(rows, batch_size=1000)
    Evidence.objects.bulk_create(
        [
            Evidence(achievement=row, kind=kind, title=f"{kind.label} {row.pk}", link=link)
            for row in made if row.origin == Origin.PUPIL
            for kind, link in ((Evidence.Kind.ORDER, ""), (Evidence.Kind.LINK, f"https://example.ru/{row.pk}"))
        ],
        batch_size=1000,
    )  # fmt: skip
    return Achievement.objects.count()


def _entry(pupil: int, number: int, **fields) -> Achievement:
    """A third of each origin; the pupil's last one waits, and the record has the same of that day."""
    origin = (Origin.RECORD, Origin.STAFF, Origin.PUPIL)[number % 3]
    title = f"{TITLES[number % len(TITLES)]}, {number // 3}"
    waits = origin == Origin.PUPIL and number >= ENTRIES - 3
    return Achievement(
        pupil_id=pupil, origin=origin, title=title, title_key=title_key(title), mode=Mode.IN_PERSON,
        date=today() - datetime.timedelta(days=ENTRIES - number),
        source="СГО" if origin == Origin.RECORD else "",
        state=State.SUBMITTED if waits else State.CONFIRMED, submitted_at=timezone.now() if waits else None, **fields,
    )  # fmt: skip
