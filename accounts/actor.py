"""Who does something: passed to every action as `by=`, written into the audit trail."""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.models import User
from eios.lib.network import client_address


@dataclass(frozen=True)
class Actor:
    """A person at an address, or a command (without either)."""

    person: User | None
    address: str | None
    label: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Actor":
        person = request.user if request.user.is_authenticated else None
        return cls(person, client_address(request), person.username if person else "гость")

    @classmethod
    def command(cls, name: str) -> "Actor":
        """Work done from the command line or on a schedule."""
        return cls(None, None, f"команда {name}")
