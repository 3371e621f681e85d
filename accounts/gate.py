"""The gate: what a signed-in person must settle before any page that is not public, in order (6.4, 6.7, 9.1)."""

import enum

from accounts.models import SchoolCard, User
from accounts.models.people import MANAGEMENT_LEVEL


class Step(enum.Enum):
    """What waits at the gate; the value is the URL name of the page that settles it, but for the closed account."""

    CLOSED = "closed"
    PASSWORD = "accounts:first_password"  # noqa: S105
    SECOND_FACTOR = "mfa_index"
    AGREEMENT = "accounts:agreement"


def next_step(person: User) -> Step | None:
    """The first thing unsettled, or None when the person may pass."""
    if not person.is_alive:
        return Step.CLOSED
    if person.must_change_password:
        return Step.PASSWORD
    if needs_second_factor(person):
        return Step.SECOND_FACTOR
    if not person.has_accepted:
        return Step.AGREEMENT
    return None


def settles(step: Step, page: str) -> bool:
    """Is the page with this URL name one of those where the step is settled? Others at the gate wait for their turn."""
    if step is Step.PASSWORD:
        return page in ("accounts:first_password", "accounts:keep_password")
    if step is Step.SECOND_FACTOR:
        return page.startswith("mfa_") or page == "account_reauthenticate"
    return page == step.value


def needs_second_factor(person: User) -> bool:
    """Required from level 4; not asked of demo people."""
    return not person.is_demo and person.level >= MANAGEMENT_LEVEL and not person.has_second_factor


def may_keep_password(person: User, school: SchoolCard) -> bool:
    """Pupils of grades 1-4 may keep the issued password, where the school allows it."""
    school_class = person.school_class_now
    return school.juniors_keep_password and school_class is not None and school_class.grade <= 4


def parent_must_accept(person: User, school: SchoolCard, date) -> bool:
    """Under 14 a parent accepts for the child, or on paper; the child ticks the plain text."""
    return school.parent_accepts_under_14 and person.needs_parent_acceptance(date)
