"""Who looks at a page that is open to guests: a person who passed the gate, or nobody."""

from django.http import HttpRequest

from accounts.gate import next_step
from accounts.models import User
from eios.lib.network import client_address


def visitor_of(request: HttpRequest) -> User | None:
    """The person, once past the gate; before that one is a guest like any other."""
    if not request.user.is_authenticated:
        return None
    request.user.came_from = client_address(request)
    if not hasattr(request, "has_passed_gate"):
        request.has_passed_gate = next_step(request.user) is None
    return request.user if request.has_passed_gate else None


def show_menu(request: HttpRequest) -> None:
    """For a page that reads the same for everybody: who is signed in has the own menu there too."""
    visitor_of(request)
