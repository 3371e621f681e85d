"""Pupils and their parents, drawn from a seed. Pure: no database, the same draw gives the same families.

Two families are fixed, because documents and tests speak of them: pupil1 of grade 8 (14 years old) with a younger
sibling, pupil3, and pupil2 of grade 6 (12 years old, Ёлкин or Ёлкина); their mothers are parent1 and parent2.
"""

import datetime
from dataclasses import dataclass, field
from random import Random

from eios.demo import names
from eios.demo.names import FEMALE, MALE, Name

DAY = datetime.timedelta(days=1)
BETWEEN_SIBLINGS = 300 * DAY
YEAR = 365.25 * DAY
MOTHER, FATHER, GUARDIAN = "mother", "father", "guardian"
FIXED = ("pupil1", "pupil2", "pupil3")
SIZES, SIZE_WEIGHTS = (1, 2, 3), (62, 30, 8)
PARENTS = ((MOTHER, FATHER), (MOTHER,), (FATHER,), (GUARDIAN,))
PARENTS_WEIGHTS = (72, 22, 4, 2)


@dataclass(eq=False)
class Person:
    """An invented human being; without a login one is made from the name."""

    name: Name
    birth_date: datetime.date
    login: str = ""
    email: str = ""
    phone: str = ""


@dataclass(eq=False)
class Pupil(Person):
    """`grade` is this year's; above the highest one the pupil has finished school already. `gone`: left this year."""

    grade: int = 0
    letter: str = ""
    gone: bool = False


@dataclass
class Family:
    """Children from the eldest, and parents with who they are to them."""

    children: list[Pupil]
    parents: list[tuple[Person, str]] = field(default_factory=list)

    def has_child_in(self, highest_grade: int) -> bool:
        return any(child.grade <= highest_grade for child in self.children)


def draw(rng: Random, grades: list[int], year: int) -> list[Family]:
    """Families whose children fill these grades in the school year that begins in `year`; the fixed two come first."""
    surnames = names.Surnames(rng)
    left = list(grades)
    for grade in (8, 3, 6):
        left.remove(grade)
    rng.shuffle(left)
    first = _family(rng, surnames.draw(), [8, 3], year, fixed={8: datetime.date(year - 14, 4, 12)})
    second = _family(rng, "Ёлкин", [6], year, fixed={6: datetime.date(year - 12, 9, 1)})
    for family, logins in ((first, ["pupil1", "pupil3"]), (second, ["pupil2"])):
        for child, login in zip(family.children, logins, strict=True):
            child.login = login
    families = [first, second]
    while left:
        families.append(_family(rng, surnames.draw(), _take(rng, left), year))
    return families


def lone_pupil(rng: Random, grade: int, year: int) -> Pupil:
    """Somebody of that grade whose family the school doesn't know any more, or not yet."""
    surname, father = rng.choice(names.SURNAMES), names.frequent(rng, names.MEN)
    return _children(rng, surname, father, [grade], year, {})[0]


def _take(rng: Random, left: list[int]) -> list[int]:
    """Grades of one family's children, the eldest first; twins are rare."""
    size = rng.choices(SIZES, SIZE_WEIGHTS)[0]
    taken = [left.pop()]
    while left and len(taken) < size:
        if left[-1] in taken and rng.random() < 0.8:
            left.insert(rng.randrange(len(left)), left.pop())
            size -= 1
            continue
        taken.append(left.pop())
    return sorted(taken, reverse=True)


def _family(rng: Random, surname: str, grades: list[int], year: int, fixed: dict | None = None) -> Family:
    kinds = PARENTS[0] if fixed else rng.choices(PARENTS, PARENTS_WEIGHTS)[0]
    father = names.frequent(rng, names.MEN)
    children = _children(rng, surname, father, grades, year, fixed or {})
    eldest = children[0].birth_date
    family = Family(children)
    for kind in kinds:
        family.parents.append((_parent(rng, kind, surname, father, eldest), kind))
    return family


def _children(rng: Random, surname: str, father: str, grades: list[int], year: int, fixed: dict) -> list[Pupil]:
    children: list[Pupil] = []
    for grade in grades:
        sex = rng.choice((MALE, FEMALE))
        first_name = _unlike(rng, names.GIRLS if sex == FEMALE else names.BOYS, children)
        born = fixed.get(grade) or _born(rng, grade, year, children)
        children.append(Pupil(names.of(surname, first_name, father, sex), born, grade=grade))
    return children


def _unlike(rng: Random, choice: list[str], siblings: list[Pupil]) -> str:
    """A name that no brother or sister has."""
    while True:
        found = names.frequent(rng, choice)
        if found not in {child.name.name for child in siblings}:
            return found


def _born(rng: Random, grade: int, year: int, elder: list[Pupil]) -> datetime.date:
    """First-graders are six and a half to almost eight on 1 September; twins share the day, others are apart."""
    if elder and elder[-1].grade == grade:
        return elder[-1].birth_date
    first, last = datetime.date(year - 7 - grade, 10, 1), datetime.date(year - 5 - grade, 2, 28)
    if elder:
        first = max(first, elder[-1].birth_date + BETWEEN_SIBLINGS)
    return first + rng.randrange((last - first).days + 1) * DAY


def _parent(rng: Random, kind: str, surname: str, father: str, eldest: datetime.date) -> Person:
    """The father has the name that the patronymics come from; a guardian is a grandmother."""
    if kind == FATHER:
        name = names.of(surname, father, names.frequent(rng, names.MEN), MALE)
        return Person(name, _older(rng, eldest, 20, 40))
    own = names.Surnames(rng).draw() if rng.random() < 0.12 else surname
    name = names.of(own, names.frequent(rng, names.WOMEN), names.frequent(rng, names.MEN), FEMALE)
    return Person(name, _older(rng, eldest, 19, 36) if kind == MOTHER else _older(rng, eldest, 42, 58))


def _older(rng: Random, born: datetime.date, least: int, most: int) -> datetime.date:
    return born - rng.randrange(int(least * YEAR.days), int(most * YEAR.days)) * DAY
