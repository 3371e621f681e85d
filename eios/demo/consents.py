"""Consents of the demonstration school: most to the processing, fewer to the rest, so that lists show every state."""

from collections.abc import Iterator

from django.utils import timezone

from accounts import consents
from accounts.models import Consent, ConsentKind, ConsentText, User
from eios.demo.families import Person, Pupil
from eios.demo.school import HIGHEST_GRADE, School
from eios.lib.dates import today

Capacity = Consent.Capacity
# Every which pupil has not answered.
PASSED_OVER = {ConsentKind.PROCESSING: 12, ConsentKind.PUBLICATION: 3, ConsentKind.PORTFOLIO: 2}


def draw(school: School, users: dict[Person, User]) -> list[Consent]:
    """Unsaved consents of today's pupils, signed by a parent and from 14 by the pupil, and of today's staff."""
    texts = ConsentText.objects.in_force(today())
    return [row for text in texts for row in _answers(school, users, text)]


def _answers(school: School, users: dict[Person, User], text: ConsentText) -> Iterator[Consent]:
    if text.audience == ConsentText.Audience.PUPIL:
        yield from _of_pupils(school, users, text)
    elif text.kind == ConsentKind.PROCESSING:
        working = [post.person for post in school.posts if post.ends is None or post.ends >= today()]
        yield from (_consent(users[one], text, Capacity.SELF, users[one]) for one in dict.fromkeys(working))


def _of_pupils(school: School, users: dict[Person, User], text: ConsentText) -> Iterator[Consent]:
    first_parent = {kinship.child: kinship.parent for kinship in reversed(school.kinships)}
    pupils = [one for one in school.people if isinstance(one, Pupil) and one.grade <= HIGHEST_GRADE and not one.gone]
    for number, pupil in enumerate(pupils, 1):
        if number % PASSED_OVER[text.kind]:
            subject = users[pupil]
            for capacity in consents.wanted(text.audience, subject.birth_date, today()):
                signer = users[first_parent[pupil]] if capacity == Capacity.PARENT else subject
                yield _consent(subject, text, capacity, signer)


def _consent(subject: User, text: ConsentText, capacity: str, signer: User) -> Consent:
    return Consent(subject=subject, text=text, capacity=capacity, given_by=signer, given_at=timezone.now())
