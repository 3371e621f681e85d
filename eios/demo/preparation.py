"""How the invented staff are prepared: courses, skills, qualification. Pure: equal seeds, equal records."""

import datetime
from dataclasses import dataclass
from random import Random

from eios.demo.families import DAY, Person
from eios.demo.staff import Post

INSTITUTE = "ГБОУ ИРО Краснодарского края"
# Topic, organisation, kind, hours, document, years that it counts (0: no term), positions (none: everybody), elements.
TOPICS = (
    ("Цифровая образовательная среда школы", INSTITUTE, "course", 72, "certificate", 3,
     ("teacher", "deputy", "methodist", "teacher_librarian"), ("sgo", "sferum", "educont")),
    ("Реализация обновлённых ФГОС в работе учителя", INSTITUTE, "course", 36, "certificate", 3,
     ("teacher",), ("edsoo", "programme-constructor")),
    ("Информационная безопасность и персональные данные в школе", INSTITUTE, "course", 24, "certificate", 3,
     ("system_administrator", "credentials_officer", "secretary", "director", "deputy"), ("sgo",)),
    ("Платформа «Сферум»: уроки и консультации", "Методический центр Апшеронского района", "seminar", 4, "attendance",
     0, ("teacher", "class_teacher", "psychologist"), ("sferum",)),
    ("Национальная электронная библиотека в школе", "Методический центр Апшеронского района", "seminar", 6,
     "attendance", 0, ("librarian", "teacher"), ("neb",)),
    ("Администрирование информационных систем", "Кубанский государственный университет", "retraining", 252, "diploma",
     0, ("system_administrator", "informatics_support"), ()),
)  # fmt: skip
TAKEN, SKILLED, WAITS = 0.6, 0.75, 0.08
SPECIALITIES = {"informatics_support": "Информатика", "librarian": "Библиотечное дело"}
# The librarian's diploma is not on record yet: the list of lacks has something to say.
QUALIFIED = ("system_administrator", "informatics_support", "credentials_officer", "director", "deputy")


@dataclass(frozen=True)
class Course:
    person: Person
    topic: int
    date: datetime.date
    valid_until: datetime.date | None
    number: str
    waits: bool


@dataclass(frozen=True)
class Ability:
    """A basic skill of the person, by its place in the school's list of skills."""

    person: Person
    skill: int
    date: datetime.date


@dataclass(frozen=True)
class Diploma:
    person: Person
    speciality: str
    document: str
    category: str
    valid_until: datetime.date | None


@dataclass(frozen=True)
class Preparation:
    courses: list[Course]
    abilities: list[Ability]
    diplomas: list[Diploma]


def draw(seed: int, posts: list[Post], skills: list[frozenset[str] | None], year_start: datetime.date) -> Preparation:
    """Records of those at work in the year; `skills` has for each skill the positions that it is asked of."""
    rng = Random(f"preparation {seed}")  # noqa: S311 (courses, not secrets)
    held: dict[Person, set[str]] = {}
    for post in posts:
        if post.ends is None:
            held.setdefault(post.person, set()).add(post.code)
    return Preparation(
        [course for person, codes in held.items() for course in _courses(rng, person, codes, year_start)],
        [one for person, codes in held.items() for one in _abilities(rng, person, codes, skills, year_start)],
        [_diploma(rng, person, codes, year_start) for person, codes in held.items() if codes & set(QUALIFIED)],
    )


def _courses(rng: Random, person: Person, codes: set[str], year_start: datetime.date) -> list[Course]:
    found = []
    for place, (_, _, _, _, _, years, positions, _) in enumerate(TOPICS):
        if not codes & set(positions) or rng.random() > TAKEN:
            continue
        date = year_start - rng.randrange(20, 1200) * DAY
        until = date + years * 365 * DAY if years else None
        waits = rng.random() < WAITS and "teacher" in codes
        found.append(Course(person, place, date, until, f"23-{rng.randrange(100_000):05}/{date:%y}", waits))
    return found


def _abilities(rng: Random, person: Person, codes: set[str], skills, year_start: datetime.date) -> list[Ability]:
    return [
        Ability(person, place, year_start - rng.randrange(5, 400) * DAY)
        for place, positions in enumerate(skills)
        if (positions is None or positions & codes) and rng.random() < SKILLED
    ]


def _diploma(rng: Random, person: Person, codes: set[str], year_start: datetime.date) -> Diploma:
    speciality = next((SPECIALITIES[code] for code in sorted(codes) if code in SPECIALITIES), "Педагогика")
    suits = rng.random() < 0.5
    until = year_start.replace(year=year_start.year + rng.randrange(5), month=10) if suits else None
    document = f"Диплом АБВ №{rng.randrange(10**6):06}, {person.birth_date.year + 23} г."
    return Diploma(person, speciality, document, "suitable" if suits else "first", until)
