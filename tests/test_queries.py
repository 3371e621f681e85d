"""How many queries each page asks, exactly, and that more rows in the school do not mean more queries."""

import pytest

from accounts.actor import Actor
from resources import sections
from resources.actions.registry import load_registry
from resources.models import Element
from tests import personas
from tests.factories import LONG_AGO, make_class, make_element, make_pupil, sign_in

WHO = ("guest", "pupil", "parent", "teacher", "classteacher", "director")
# Page → queries for each of WHO on a second visit: the first one fills what a worker keeps in memory. Every page asks
# for the school's card, and of one who is signed in for the session and the person; the rest is the page's own.
COUNTS = {
    "/": (1, 3, 3, 3, 3, 3),
    "/cabinet/": (1, 6, 6, 6, 6, 6),
    "/elements/": (2, 4, 4, 5, 5, 5),
    "/elements/?q=библиотека": (2, 4, 4, 5, 5, 5),
    "/elements/neb/": (6, 10, 10, 11, 11, 11),
    "/library/": (2, 6, 6, 7, 7, 7),
    "/programmes/": (5, 7, 7, 8, 8, 8),
    "/sveden/": (2, 4, 4, 5, 5, 5),
    "/sveden/managers/": (5, 7, 7, 8, 8, 8),
    "/sveden/education/": (10, 12, 12, 13, 13, 13),
    "/documents/": (2, 4, 4, 5, 5, 5),
    "/curricula/": (4, 6, 6, 7, 7, 7),
    "/news/": (3, 5, 5, 6, 6, 6),
    "/sitemap.xml": (13, 13, 13, 13, 13, 13),
    "/courses/": (3, 5, 5, 6, 6, 6),
    "/courses/complexes/": (5, 7, 7, 8, 8, 8),
    "/courses/complexes/desk/": (1, 3, 3, 6, 6, 6),
    "/courses/desk/": (1, 3, 3, 6, 6, 6),
    "/robots.txt": (1, 1, 1, 1, 1, 1),
    "/news/rss/": (2, 2, 2, 2, 2, 2),
    "/documents/rss/": (2, 2, 2, 2, 2, 2),
    "/requests/": (1, 4, 4, 5, 6, 6),
    "/cabinet/logins/": (1, 4, 4, 5, 5, 5),
    "/agreement/": (1, 5, 5, 6, 6, 6),
    "/orders/": (1, 3, 3, 4, 4, 7),
    "/notifications/": (1, 4, 4, 5, 5, 5),
    "/notifications/settings/": (1, 4, 4, 5, 5, 5),
    "/registration/": (1, 3, 3, 4, 4, 6),
    "/classes/": (1, 3, 3, 4, 8, 9),
    "/responsible/": (2, 4, 4, 5, 5, 5),
    "/staff/": (1, 3, 3, 8, 8, 8),
}
# The goal of docs/performance.md for pages that everybody opens.
FEW, FOR_EVERYBODY = 7, ("/", "/cabinet/")


@pytest.fixture
def people(db):
    load_registry(by=Actor.command("проверка"))
    school = personas.build()
    make_element(parent=Element.objects.get(slug="neb"), closure=0)
    grow(school, platforms=30, pupils=1)
    return school


def grow(people: dict, *, platforms: int, pupils: int) -> None:
    """Up to so many platforms, each with a part of the library besides; so many more children of the parent, all in the
    class teacher's class and waiting for the agreement; and a new class for each."""
    neb, school_class = Element.objects.get(slug="neb"), make_class(grade=8)
    for number in range(Element.objects.platforms().count(), platforms):
        make_element(name=f"Платформа {number}", closure=number % 5)
        make_element(name=f"Часть {number}", closure=0, parent=neb)
    for number in range(pupils):
        make_class(grade=1 + number % 9, letter="КЛМН"[number // 9])
        child = make_pupil(school_class=school_class, age=9 + number % 7)
        people["parent"].children_relations.create(pupil=child, kind="mother", starts=LONG_AGO)
    sections.forget()


@pytest.mark.parametrize("page", COUNTS)
def test_queries_do_not_grow_with_the_school(page, people, client, django_assert_num_queries):
    def ask_everybody():
        for who, count in zip(WHO, COUNTS[page], strict=True):
            client.logout()
            if people[who]:
                sign_in(client, people[who])
            client.get(page)
            with django_assert_num_queries(count, info=f"{page}, {who}"):
                client.get(page)

    assert page not in FOR_EVERYBODY or max(COUNTS[page]) <= FEW
    ask_everybody()
    grow(people, platforms=60, pupils=30)
    ask_everybody()
