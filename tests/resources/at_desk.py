"""What tests of the desk say often: elements, addresses, words of a page, parts."""

from django.urls import reverse

from accounts.actor import Actor
from resources.actions import elements as actions
from resources.models import Element

BY = Actor.command("tests")


def of(slug: str) -> Element:
    return Element.objects.get(slug=slug)


def page(name: str, slug: str = "sgo", *args) -> str:
    return reverse(f"resources:{name}", args=[slug, *args])


def words(answer) -> str:
    return " ".join(answer.content.decode().replace("&nbsp;", " ").split())


def make_part(name="Инструкции", parent="sgo", **fields) -> Element:
    fields.setdefault("slug", f"{parent}-part-{Element.objects.count()}")
    return actions.save_element(Element(name=name, parent=of(parent), component="informational", **fields), by=BY)
