"""The school's staff, drawn from a seed: who holds which position, who leads which class. Pure."""

import datetime
from dataclasses import dataclass
from itertools import cycle
from random import Random

from eios.demo import names
from eios.demo.families import DAY, Person
from eios.demo.names import FEMALE, MALE

PRIMARY = "ШМО учителей начальных классов"
HUMANITIES = "ШМО учителей гуманитарного цикла"
SCIENCES = "ШМО учителей естественно-математического цикла"
SPORT_AND_LABOUR = "ШМО учителей физкультуры, ОБЗР и труда"
CLASS_LEADERS = "ШМО классных руководителей"
SUBJECT_GROUPS = (HUMANITIES, SCIENCES, HUMANITIES, SCIENCES, SPORT_AND_LABOUR)

# Login, sex, ШМО of the position, positions and duties. Without a login one is made from the name.
OFFICE = (
    ("admin", MALE, "", ("engineer", "system_administrator")),
    ("director", FEMALE, "", ("director",)),
    ("deputy", FEMALE, "", ("deputy",)),
    ("deputy2", FEMALE, "", ("deputy_upbringing",)),
    ("deputy3", MALE, "", ("deputy_facilities",)),
    ("librarian", FEMALE, HUMANITIES, ("teacher_librarian", "librarian")),
    ("support", MALE, SCIENCES, ("teacher", "informatics_support")),
    ("credentials", FEMALE, "", ("secretary", "credentials_officer")),
    ("", FEMALE, "", ("psychologist",)),
    ("", FEMALE, "", ("social_pedagogue", "designated_person")),
    ("", FEMALE, "", ("upbringing_adviser",)),
    ("", FEMALE, PRIMARY, ("speech_therapist",)),
    ("", MALE, SPORT_AND_LABOUR, ("safety_organiser",)),
    ("", FEMALE, "", ("clerk",)),
    ("", MALE, "", ("laboratory_assistant",)),
)


@dataclass(frozen=True)
class Post:
    """A position or duty held by a person; `school_class` is (first year, grade, letter)."""

    person: Person
    code: str
    starts: datetime.date
    ends: datetime.date | None = None
    method_group: str = ""
    school_class: tuple[int, int, str] | None = None
    is_acting: bool = False


@dataclass(frozen=True)
class Teacher:
    person: Person
    method_group: str


def office(rng: Random, year_start: datetime.date, first_day: datetime.date) -> list[Post]:
    """The director and everyone who does not come to teach. `first_day`: the portal knows of nothing before it."""
    surnames = names.Surnames(rng)
    posts = []
    for login, sex, group, codes in OFFICE:
        person = _worker(rng, surnames, sex, year_start.year - 33, login)
        since = max(_since(rng, person, year_start.year - 1), first_day)
        posts += [
            Post(person, code, since, method_group=group if place == 0 else "") for place, code in enumerate(codes)
        ]
    return posts


def standing_in(office: list[Post], year_start: datetime.date, date: datetime.date) -> list[Post]:
    """Some days of this year, over by now, when the deputy stood in for the director."""
    third = (date - year_start) // 3
    if third < 7 * DAY:
        return []
    deputy = next(post.person for post in office if post.code == "deputy")
    starts = year_start + third
    return [Post(deputy, "director", starts, starts + min(third, 14 * DAY) - DAY, is_acting=True)]


def teachers(
    rng: Random, count: int, classes: list[tuple[int, str]], mothers: list[Person], year_start: datetime.date
) -> tuple[list[Teacher], list[Teacher]]:
    """Teachers who lead a class, the first of them for the first class, and the rest; some are pupils' mothers."""
    leaders = min(len(classes), count - max(1, count // 5))
    surnames, groups, mothers = names.Surnames(rng), cycle(SUBJECT_GROUPS), list(mothers)
    found = []
    for place in range(count):
        grade = classes[place][0] if place < leaders else 0
        group = PRIMARY if 1 <= grade <= 4 else next(groups)
        is_mother = mothers and place not in (0, leaders) and place % 4 == 1
        sex = MALE if rng.random() < (0.6 if group == SPORT_AND_LABOUR else 0.07) else FEMALE
        person = mothers.pop() if is_mother else _worker(rng, surnames, sex, year_start.year - 25, "")
        person.login = f"classteacher{place + 1}" if place < leaders else f"teacher{place - leaders + 1}"
        found.append(Teacher(person, group))
    return found[:leaders], found[leaders:]


def teaching_posts(
    rng: Random, leaders: list[Teacher], others: list[Teacher], year_start: datetime.date, first_day: datetime.date
) -> list[Post]:
    """Those who lead a class are here from the first day on; some of the others came later."""
    since = {teacher.person: _since(rng, teacher.person, year_start.year) for teacher in [*leaders, *others]}
    since |= {teacher.person: first_day for teacher in leaders}
    return [
        Post(t.person, "teacher", max(since[t.person], first_day), method_group=t.method_group)
        for t in [*leaders, *others]
    ]


def heads_of_groups(candidates: list[Teacher], deputy: Person, year_start: datetime.date) -> list[Post]:
    """A head for each method group that has somebody to lead it; the class teachers' one is the deputy's."""
    heads = {teacher.method_group: teacher.person for teacher in reversed(candidates)} | {CLASS_LEADERS: deputy}
    return [
        Post(person, "method_group_head", year_start, method_group=group) for group, person in sorted(heads.items())
    ]


def class_teachers(
    leaders: list[Teacher], classes: list[tuple[int, str]], years: int, year_start: datetime.date
) -> list[Post]:
    """Who leads which class this year and in the years before; a class changes its teacher after grade 4."""
    posts = []
    for place, (grade, letter) in enumerate(classes):
        for back in range(years):
            if not 1 <= grade - back <= 9:
                continue
            shift = 0 if (grade <= 4) == (grade - back <= 4) else 1
            starts = year_start.replace(year=year_start.year - back)
            ends = starts.replace(year=starts.year + 1) - DAY if back else None
            leader = _leader(leaders, place + shift)
            posts.append(Post(leader, "class_teacher", starts, ends, school_class=(starts.year, grade - back, letter)))
    return posts


def _leader(leaders: list[Teacher], place: int) -> Person:
    """Where classes are more than their teachers, some lead two; the first teacher has the first class only."""
    others = leaders[1:] or leaders
    return leaders[0].person if place == 0 else others[(place - 1) % len(others)].person


def _worker(rng: Random, surnames: names.Surnames, sex: str, youngest: int, login: str) -> Person:
    """Born in the year `youngest` or up to 30 years before."""
    own = names.frequent(rng, names.WOMEN if sex == FEMALE else names.MEN)
    name = names.of(surnames.draw(), own, names.frequent(rng, names.MEN), sex)
    born = datetime.date(youngest - rng.randrange(30), 1, 1) + rng.randrange(365) * DAY
    return Person(name, born, login)


def _since(rng: Random, person: Person, latest: int) -> datetime.date:
    """At work since 1 September of some year, at most twenty years ago and not before the age of 23."""
    first = max(person.birth_date.year + 23, latest - 20)
    return datetime.date(rng.randint(min(first, latest), latest), 9, 1)
