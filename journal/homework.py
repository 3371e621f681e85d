"""What a homework may point at, and its words in a list (2.2). Reads only."""

from django.db.models import Q, QuerySet

from journal.models import Gradebook, Homework
from resources.asker import Asker
from resources.courses.rights import readable_by
from resources.models import Course, Element, Holding, OutsideResource


def offered(gradebook: Gradebook, homework: Homework | None, asker: Asker) -> dict[str, QuerySet]:
    """Platforms of the registry, outside resources and courses of the subject or of none that open to the teacher;
    what the homework has already among them."""
    subject = Q(subject=gradebook.subject_id) | Q(subject=None)
    courses = Course.objects.filter(
        Q(pk__in=readable_by(asker).filter(subject).values("pk")) | _held(homework, "courses")
    )
    of_subject = OutsideResource.objects.filter(
        Q(subjects=gradebook.subject_id) | Q(subjects=None), state=Holding.State.ACTIVE
    )  # fmt: skip
    return {
        "elements": Element.objects.platforms().filter(Q(is_listed=True) | _held(homework, "elements")),
        "outside_resources": OutsideResource.objects.filter(
            Q(pk__in=of_subject.values("pk")) | _held(homework, "outside_resources")
        ),
        "courses": courses,
    }


def _held(homework: Homework | None, name: str) -> Q:
    return Q(pk__in=getattr(homework, name).values("pk")) if homework is not None else Q(pk__in=[])
