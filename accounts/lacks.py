"""What employees lack to work with the environment: skills, valid documents, qualification (3.2, 5.11). Reads only."""

import datetime
import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models import Appointment, QualificationRecord, Skill, Training, User
from eios.lib.russian import short_date
from eios.lib.search import fold

SOON = datetime.timedelta(days=60)
# Those who run the environment: their qualification must be on record (5.11, staffing requirements of ФГОС).
RUN_BY = frozenset({"system_administrator", "informatics_support", "credentials_officer", "librarian"})
KINDS = {
    "": "Всё",
    "skill": "Навыки",
    "training": "Обучение",
    "qualification": "Квалификация",
    "soon": "Скоро истекает",
}


class Term(enum.Enum):
    """How a document stands on a date: (kind of its tag, words)."""

    ENDLESS = ("", "")
    VALID = ("ok", "действует")
    SOON = ("wait", "скоро истекает")
    EXPIRED = ("no", "срок истёк")

    @property
    def kind(self) -> str:
        return self.value[0]

    @property
    def words(self) -> str:
        return self.value[1]


def term_of(valid_until: datetime.date | None, date: datetime.date) -> Term:
    """The last day is still a valid one; two months before it the term ends soon."""
    if valid_until is None:
        return Term.ENDLESS
    if valid_until < date:
        return Term.EXPIRED
    return Term.SOON if valid_until <= date + SOON else Term.VALID


@dataclass(frozen=True)
class Lack:
    """One thing that an employee lacks, or will soon."""

    kind: str
    text: str
    is_soon: bool = False
    skill: int | None = None

    @property
    def tag_kind(self) -> str:
        return "wait" if self.is_soon else "no"

    @property
    def icon(self) -> str:
        return "clock" if self.is_soon else "cross"


@dataclass(frozen=True)
class Row:
    """An employee with what is lacking; nothing, for one who is prepared."""

    person: User
    lacks: list[Lack] = field(default_factory=list)

    @property
    def who(self) -> str:
        """«учитель; классный руководитель, 5 «А»»"""
        return "; ".join(", ".join(filter(None, [row.title, str(row.school_class or "")])) for row in _posts(self))


def _posts(row: Row) -> list[Appointment]:
    return row.person.posts_now


def listed(people: QuerySet[User], date: datetime.date) -> list[Row]:
    """The people, employees in force on the date, with what each lacks; six queries for any number of them."""
    skills = [(skill, _positions_of(skill)) for skill in Skill.objects.prefetch_related("required_of_positions")]
    return [Row(person, _lacks(person, skills, date)) for person in _loaded(people, date)]


def of_one(person: User, date: datetime.date) -> list[Lack]:
    """What this employee lacks on the date; nothing is asked of one who holds no position."""
    rows = listed(User.objects.filter(pk=person.pk), date)
    return rows[0].lacks if rows and _posts(rows[0]) else []


def chosen(rows: Iterable[Row], filters: dict[str, str]) -> list[Row]:
    """Those who lack something of the kind and skill asked for, with that only."""
    found = []
    for row in rows:
        lacks = [lack for lack in row.lacks if _suits(lack, filters)]
        if lacks:
            found.append(Row(row.person, lacks))
    return found


def _suits(lack: Lack, filters: dict[str, str]) -> bool:
    if filters["skill"] and str(lack.skill) != filters["skill"]:
        return False
    if filters["kind"] == "soon":
        return lack.is_soon
    return filters["kind"] in ("", lack.kind)


def without_skill(skill: Skill, people: QuerySet[User], date: datetime.date) -> QuerySet[User]:
    """Employees of whom the skill is asked and who have no record of it."""
    people = people.exclude(Exists(skill.records.filter(person=OuterRef("pk"))))
    if skill.required_of_all:
        return people
    asked = Appointment.objects.on(date).filter(position__skills=skill)
    return people.filter(Exists(asked.filter(person=OuterRef("pk"))))


def _positions_of(skill: Skill) -> frozenset[int] | None:
    """Keys of the positions that the skill is asked of; None for everybody's."""
    if skill.required_of_all:
        return None
    return frozenset(position.pk for position in skill.required_of_positions.all())


def _loaded(people: QuerySet[User], date: datetime.date) -> QuerySet[User]:
    posts = Appointment.objects.on(date).select_related("position", "school_class").order_by("position__order", "pk")
    return people.select_related("qualification").prefetch_related(
        Prefetch("appointments", posts, to_attr="posts_now"),
        "skill_records",
        Prefetch("trainings", Training.objects.confirmed().order_by("document_date", "pk"), to_attr="confirmed_now"),
    )


def _lacks(person: User, skills: list, date: datetime.date) -> list[Lack]:
    return [*_skills(person, skills), *_trainings(person, date), *_qualification(person, date)]


def _skills(person: User, skills: list) -> list[Lack]:
    has = {record.skill_id for record in person.skill_records.all()}
    held = {post.position_id for post in person.posts_now}
    return [
        Lack("skill", f"Нет навыка: {skill.name}", skill=skill.pk)
        for skill, positions in skills
        if skill.pk not in has and (positions is None or positions & held)
    ]


def _trainings(person: User, date: datetime.date) -> list[Lack]:
    """Documents that have run out or soon will; of one course taken again, the one that lasts longest counts."""
    longest: dict[str, Training] = {}
    for training in person.confirmed_now:
        key = fold(training.title)
        if key not in longest or _lasts_longer(training, longest[key]):
            longest[key] = training
    return [lack for training in longest.values() if (lack := _of_training(training, date))]


def _lasts_longer(one: Training, other: Training) -> bool:
    ends = [training.valid_until or datetime.date.max for training in (one, other)]
    return ends[0] >= ends[1]


def _of_training(training: Training, date: datetime.date) -> Lack | None:
    term = term_of(training.valid_until, date)
    if term not in (Term.SOON, Term.EXPIRED):
        return None
    word = "истекает" if term is Term.SOON else "истекло"
    text = f"Обучение {word} {short_date(training.valid_until)}: {training.title}"
    return Lack("training", text, is_soon=term is Term.SOON)


def _qualification(person: User, date: datetime.date) -> list[Lack]:
    record: QualificationRecord | None = getattr(person, "qualification", None)
    if record is None:
        runs = any(post.position.code in RUN_BY for post in person.posts_now)
        return [Lack("qualification", "Не внесена квалификация того, кто обслуживает ЭИОС")] if runs else []
    term = term_of(record.valid_until, date)
    if term not in (Term.SOON, Term.EXPIRED):
        return []
    word = "истекает" if term is Term.SOON else "истекла"
    return [Lack("qualification", f"Категория {word} {short_date(record.valid_until)}", is_soon=term is Term.SOON)]
