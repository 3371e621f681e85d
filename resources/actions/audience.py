"""What leaves the portal of who may open what."""

from django.db import transaction

from accounts import audit
from accounts.actor import Actor
from resources.models import Element


@transaction.atomic
def record_export(element: Element, number: int, *, by: Actor) -> None:
    """The matrix «who can open this» was taken out as a file: names of so many people. Audited."""
    audit.record(by, "element.audience_exported", element, {"people": [None, number]})
