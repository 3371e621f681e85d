"""A whole invented school, drawn from options and a date. Pure: equal options on one day, equal schools.

On another day of the same school year the people are the same; only this year's movement has other dates.
"""

import datetime
from dataclasses import dataclass
from random import Random

from eios.demo import families, movement, staff
from eios.demo.families import DAY, Family, Person, Pupil
from eios.demo.movement import Place
from eios.demo.staff import Post
from eios.lib.russian import login_stem

HIGHEST_GRADE = 9
CLASS_SIZE = 28
LETTERS = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"
NEWCOMERS = 0.08


@dataclass(frozen=True)
class Options:
    """What `manage.py demo` may be asked for; equal options give an equal school."""

    pupils: int = 250
    teachers: int = 25
    years: int = 1
    seed: int = 29
    fresh: bool = False


@dataclass(frozen=True)
class Kinship:
    parent: Person
    child: Pupil
    kind: str


@dataclass
class School:
    """What the writer saves: people first, then facts about them."""

    year_starts: list[datetime.date]
    people: list[Person]
    classes: list[tuple[int, int, str]]
    places: list[Place]
    posts: list[Post]
    kinships: list[Kinship]


def draw(options: Options, year_start: datetime.date, date: datetime.date) -> School:
    """The school on the date, in the year that begins on `year_start`, with the years before that are asked for."""
    rng = Random(options.seed)  # noqa: S311 (names, not secrets)
    households = families.draw(rng, _grades(rng, options), year_start.year)
    pupils = [child for family in households for child in family.children]
    _into_classes(rng, pupils)
    places = _places(rng, pupils, options.years, year_start)
    posts = _posts(rng, options, households, pupils, year_start, date)
    kinships = [
        Kinship(parent, child, kind)
        for family in households
        if family.has_child_in(HIGHEST_GRADE)
        for parent, kind in family.parents
        for child in family.children
    ]
    people = _named(pupils, kinships, posts)
    _give_contacts(rng, people)
    # Drawn apart, so that the movement changes nobody else's name.
    places = movement.draw(Random(f"{options.seed} movement"), places, year_start, date)  # noqa: S311
    people += [place.pupil for place in places if place.pupil.gone]
    classes = sorted(
        {place.school_class for place in places} | {post.school_class for post in posts if post.school_class}
    )
    year_starts = [year_start.replace(year=year_start.year - back) for back in reversed(range(options.years))]
    return School(year_starts, people, classes, places, posts, kinships)


def _grades(rng: Random, options: Options) -> list[int]:
    """The grade of every pupil; with past years also of those who have finished since (10 and above)."""
    grades = [1 + number % HIGHEST_GRADE for number in range(options.pupils)]
    each = options.pupils // HIGHEST_GRADE
    for _ in range(each // 2):
        # A few move from one grade to another: real grades are of unequal size.
        place = rng.randrange(HIGHEST_GRADE, len(grades))
        grades[place] = rng.randint(1, HIGHEST_GRADE)
    finished = range(HIGHEST_GRADE + 1, HIGHEST_GRADE + options.years)
    return grades + [grade for grade in finished for _ in range(each)]


def _into_classes(rng: Random, pupils: list[Pupil]) -> None:
    """Each grade is dealt into classes of equal size; pupil1 is in «А»."""
    for grade in sorted({pupil.grade for pupil in pupils}):
        members = [pupil for pupil in pupils if pupil.grade == grade]
        rng.shuffle(members)
        members.sort(key=lambda pupil: pupil.login != "pupil1")
        count = -(-len(members) // CLASS_SIZE)
        for number, pupil in enumerate(members):
            pupil.letter = LETTERS[number % count % len(LETTERS)]


def _places(rng: Random, pupils: list[Pupil], years: int, year_start: datetime.date) -> list[Place]:
    """Enrolments year by year: a class keeps its letter and its people, but for a few newcomers."""
    places = []
    for pupil in pupils:
        joined = rng.randrange(years) if rng.random() < NEWCOMERS and pupil.grade <= HIGHEST_GRADE else years
        for back in reversed(range(years)):
            grade = pupil.grade - back
            if 1 <= grade <= HIGHEST_GRADE and back <= joined:
                starts = year_start.replace(year=year_start.year - back)
                places.append(Place(pupil, (starts.year, grade, pupil.letter), starts, _last_day(starts, grade, back)))
    return places


def _last_day(starts: datetime.date, grade: int, back: int) -> datetime.date | None:
    """This year's enrolment goes on; a past one ended with its year, the last one of school with the exams."""
    if back == 0:
        return None
    return (
        datetime.date(starts.year + 1, 6, 30) if grade == HIGHEST_GRADE else starts.replace(year=starts.year + 1) - DAY
    )


def _posts(
    rng: Random,
    options: Options,
    households: list[Family],
    pupils: list[Pupil],
    year_start: datetime.date,
    date: datetime.date,
) -> list[Post]:
    first_day = year_start.replace(year=year_start.year - options.years + 1)
    office = staff.office(rng, year_start, first_day)
    classes = _led_classes(pupils)
    leaders, others = staff.teachers(
        rng, options.teachers, classes, _mothers(households, options.teachers // 8), year_start
    )
    deputy = next(post.person for post in office if post.code == "deputy_upbringing")
    return [
        *office,
        *staff.standing_in(office, year_start, date),
        *staff.teaching_posts(rng, leaders, others, year_start, first_day),
        *staff.heads_of_groups([*others[1:], *leaders[1:]], deputy, year_start),
        *staff.class_teachers(leaders, classes, options.years, year_start),
    ]


def _led_classes(pupils: list[Pupil]) -> list[tuple[int, str]]:
    """Classes by their grade now, pupil1's first; those that have finished school come last."""
    first = next((pupil.grade, pupil.letter) for pupil in pupils if pupil.login == "pupil1")
    classes = {(pupil.grade, pupil.letter) for pupil in pupils}
    return sorted(classes, key=lambda each: (each != first, each[0] > HIGHEST_GRADE, each))


def _mothers(households: list[Family], count: int) -> list[Person]:
    """Mothers who also teach at the school, from families that are not the fixed two."""
    found = [
        parent
        for family in households[2:]
        if family.has_child_in(HIGHEST_GRADE)
        for parent, kind in family.parents
        if kind == families.MOTHER
    ]
    return found[:count]


def _named(pupils: list[Pupil], kinships: list[Kinship], posts: list[Post]) -> list[Person]:
    """Everybody once; pupils and parents get their numbered logins, those who finished school none."""
    present = [pupil for pupil in pupils if pupil.grade <= HIGHEST_GRADE]
    present.sort(key=lambda p: (not p.login, p.login, p.grade, p.letter, p.name.surname, p.name.name, p.birth_date))
    for number, pupil in enumerate(present, 1):
        pupil.login = f"pupil{number}"
    order = {pupil: number for number, pupil in enumerate(present)}
    # The first parents of pupil1 and pupil2 are parent1 and parent2; the rest follow their eldest child.
    ranked = sorted(kinships, key=lambda each: order.get(each.child, len(order)))
    parents = list(dict.fromkeys(kinship.parent for kinship in ranked))
    first = [next(k.parent for k in ranked if k.child.login == login) for login in ("pupil1", "pupil2")]
    parents = [*first, *(parent for parent in parents if parent not in first)]
    for number, parent in enumerate((parent for parent in parents if not parent.login), 1):
        parent.login = f"parent{number}"
    return list(dict.fromkeys([*(post.person for post in posts), *present, *parents, *pupils]))


def _give_contacts(rng: Random, people: list[Person]) -> None:
    """Some have an e-mail or a telephone; both are of kinds that belong to nobody."""
    for number, person in enumerate(people, 1):
        is_child = isinstance(person, Pupil)
        if rng.random() < (0.06 if is_child else 0.4):
            person.email = f"{login_stem(person.name.surname, person.name.name)}{number}@example.org"
        if rng.random() < (0.1 if is_child else 0.6):
            person.phone = f"+7 000 {rng.randrange(1000):03}-{rng.randrange(100):02}-{rng.randrange(100):02}"
