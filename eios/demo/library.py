"""A library of the demonstration school with a pool of pseudonymous accounts, partly handed out; drawn by the seed."""

from random import Random

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from eios.demo.families import Pupil
from eios.demo.school import Options, School
from resources.actions.elements import save_element
from resources.actions.handing_out import hand_out
from resources.actions.privileges import name_administrator
from resources.models import Element, Pool, PoolAccount
from resources.pool_files import DEFAULT_COLUMNS
from resources.pool_logins import ALPHABETS

BASIS = "Демонстрационные данные"
SIZE, REFUSED, GIVEN = 40, 2, 12
LIBRARY = {
    "slug": "kniga-29",
    "name": "ЭБС «Книга-29»",
    "component": Element.Component.EDUCATIONAL,
    "address": "https://kniga29.example.org/",
    "own_closure": 1,
    "purpose": "Подписная электронная библиотека: учебники, классика, справочники. Вымышлена для показа.",
    "how_to_get_in": "Логин и пароль выдаёт школьный библиотекарь. Имени в учётной записи нет.",
    "procedure_url": "https://kniga29.example.org/rules",
    "contact": "Школьный библиотекарь",
    "icon": "library",
    "library_way": Element.LibraryWay.POOL,
    # Of the school alone: the open registry keeps the 18 rows of the Regulation's table.
    "is_listed": False,
}


def write(school: School, options: Options, users: dict, *, by: Actor) -> None:
    """The librarian administers the libraries; pupils of the first class have their accounts at one of them."""
    library = save_element(Element(**LIBRARY), by=by, basis=BASIS)
    librarian = next(users[person] for person in school.people if person.login == "librarian")
    for element in Element.objects.exclude(library_way=""):
        name_administrator(element, User.objects.get(pk=librarian.pk), by=by, basis=BASIS)
    _pool(library, options, librarian)
    hand_out(library, _pupils(school, users)[:GIVEN], by=Actor(librarian, None, librarian.username))


def _pool(library: Element, options: Options, librarian: User) -> None:
    """Confirmed by the library, but for two."""
    rng = Random(f"{options.seed} library")  # noqa: S311 (an invented library)
    alphabet, state, now = ALPHABETS["small"][1], PoolAccount.State, timezone.now()
    pool = Pool.objects.create(
        element=library, name="Первая партия", prefix="kniga29-", alphabet=alphabet, password_length=10,
        columns=DEFAULT_COLUMNS, made_by=librarian,
    )  # fmt: skip
    accounts = []
    for number in range(1, SIZE + 1):
        account = PoolAccount(pool=pool, login=f"kniga29-{number:03}", state=state.READY, changed_at=now)
        if number > SIZE - REFUSED:
            account.state, account.note = state.REFUSED, "Логин уже занят"
        account.seal("".join(rng.choices(alphabet, k=10)))
        accounts.append(account)
    PoolAccount.objects.bulk_create(accounts)


def _pupils(school: School, users: dict) -> list[User]:
    """pupil1's class, pupil1 first; those who left are not in it."""
    first = next(person for person in school.people if person.login == "pupil1")
    found = [one for one in school.people if isinstance(one, Pupil) and not one.gone and one.login]
    mates = [one for one in found if (one.grade, one.letter) == (first.grade, first.letter)]
    return [users[one] for one in mates]
