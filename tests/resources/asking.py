"""What tests of requests for access say often."""

from accounts.actor import Actor
from accounts.models import User
from tests.factories import make_element


def library(**fields):
    return make_element(name="Читалка", closure=1, library_way="pool", **fields)


def by(person: User) -> Actor:
    return Actor(person, "192.0.2.7", person.username)


def card(client, element) -> str:
    return client.get(f"/elements/{element.slug}/").content.decode()


def desk(element, *rest) -> str:
    return "/".join(["/desk", element.slug, "requests", *map(str, rest), ""])


def told(person: User) -> list[str]:
    return list(person.notifications.order_by("pk").values_list("text", flat=True))
