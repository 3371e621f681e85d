"""The own progress of a reader. Not audited: nobody but the reader sees whose it is."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from resources.models import PageVisit, ReleasedPart

# What one report of a page may add: a tab forgotten over the night is no reading.
MOST_SECONDS = 60
# A page is not read for longer than a lesson.
MOST_IN_ALL = 60 * 60


@transaction.atomic
def record_visit(person: User, part: ReleasedPart, *, seconds: int = 0) -> PageVisit:
    """The person is at the page, and has been for so many more seconds (60 at most)."""
    visit = _visit(person, part)
    added = max(0, min(seconds, MOST_SECONDS, MOST_IN_ALL - visit.seconds))
    PageVisit.objects.filter(pk=visit.pk).update(seconds=F("seconds") + added, last_at=timezone.now())
    return visit


@transaction.atomic
def set_read(person: User, part: ReleasedPart, *, is_read: bool) -> None:
    PageVisit.objects.filter(pk=_visit(person, part).pk).update(is_read=is_read, last_at=timezone.now())


@transaction.atomic
def set_mark(person: User, part: ReleasedPart, *, is_marked: bool) -> None:
    """A bookmark, put or taken away."""
    PageVisit.objects.filter(pk=_visit(person, part).pk).update(is_marked=is_marked)


def _visit(person: User, part: ReleasedPart) -> PageVisit:
    return PageVisit.objects.get_or_create(
        person=person, part_id=part.part_id, defaults={"last_at": timezone.now()}
    )[0]  # fmt: skip
