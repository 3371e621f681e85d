"""What the demonstration school reads by: outside resources, editions of its library, materials of its teachers."""

import datetime

from django.db.models import Model
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from eios.demo.reading_list import EDITIONS, ELECTRONIC, MATERIALS, ORDER_499, RESOURCES
from resources import materials as shelves
from resources.actions.holdings import save_holding
from resources.actions.materials import publish, save_material
from resources.actions.privileges import name_administrator
from resources.models import Element, LibraryEdition, MethodicalMaterial, OutsideResource, Subject

BASIS = "Демонстрационные данные"
DESCRIPTION = (
    "kind", "author", "title", "subtitle", "responsibility", "statement", "place", "publisher", "year", "pages"
)  # fmt: skip
LISTED_ON = datetime.date(2024, 7, 18)


def write(by_login: dict[str, User], *, by: Actor) -> None:
    """The librarian keeps the library, the deputy runs the materials; their authors write and publish them."""
    for slug, login in (("library", "librarian"), ("materials", "deputy")):
        name_administrator(Element.objects.get(slug=slug), _fresh(by_login[login]), by=by, basis=BASIS)
    librarian = _actor(by_login["librarian"])
    subjects = {row.name: row for row in Subject.objects.all()}
    _resources(subjects, librarian)
    _editions(subjects, librarian)
    _materials(by_login, subjects)


def _resources(subjects: dict[str, Subject], by: Actor) -> None:
    for number, resource in enumerate(RESOURCES, 1):
        title, kind, publisher, address, is_listed, names, grades, slug, annotation = resource
        row = OutsideResource(title=title, kind=kind, publisher=publisher, address=address, annotation=annotation)
        row.grade_from, row.grade_to = grades or (None, None)
        row.element = Element.objects.filter(slug=slug).first()
        if is_listed:
            row.federal_act, row.federal_date = ORDER_499, LISTED_ON
        save_holding(row, [subjects[name] for name in names], by=by)
        _then(row, "added_at", days=9 * number)


def _editions(subjects: dict[str, Subject], by: Actor) -> None:
    """What has no copies on the shelves is read at the national library."""
    neb = Element.objects.get(slug="neb")
    for number, (*words, subject, grades, copies) in enumerate(EDITIONS, 1):
        row = LibraryEdition(**dict(zip(DESCRIPTION, words, strict=True)), copies=copies)
        row.grade_from, row.grade_to = grades or (None, None)
        if not copies:
            row.element, row.address = neb, ELECTRONIC
        save_holding(row, [subjects[subject]], by=by)
        _then(row, "added_at", days=7 * number)


def _materials(by_login: dict[str, User], subjects: dict[str, Subject]) -> None:
    for number, (login, title, activity, subject, grades, *words, is_published) in enumerate(MATERIALS, 1):
        author = _fresh(by_login.get(login) or by_login["teacher1"])
        row = MethodicalMaterial(
            title=title, activity=activity, subject=subjects.get(subject), grade_from=grades[0], grade_to=grades[1],
            method_group=shelves.method_group_of(author),
            **dict(zip(("annotation", "text", "links"), words, strict=True)),
        )  # fmt: skip
        save_material(row, None, by=_actor(author))
        if is_published:
            publish(row, by=_actor(author))
            _then(row, "published_at", days=7 * number)


def _then(row: Model, field: str, *, days: int) -> None:
    """As if it had come some weeks ago."""
    type(row).objects.filter(pk=row.pk).update(**{field: timezone.now() - datetime.timedelta(days=days)})


def _actor(person: User) -> Actor:
    return Actor(person, None, person.username)


def _fresh(person: User) -> User:
    """As the database has the person: standing is remembered by the object."""
    return User.objects.get(pk=person.pk)
