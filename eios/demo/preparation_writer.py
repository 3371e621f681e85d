"""Saves how the invented staff are prepared; part of the writer of the demonstration school."""

from collections.abc import Callable

from django.utils import timezone

from accounts.actions.staff_records import load_skills
from accounts.actor import Actor
from accounts.models import QualificationRecord, Skill, SkillRecord, Training, User
from accounts.models.staff_records import QUALIFICATION_FIELDS, TRAINING_FIELDS
from eios.demo import preparation
from eios.demo.families import Person
from eios.demo.preparation import TOPICS, Course, Preparation
from eios.demo.school import Options, School
from resources.models import Element, TrainingElement

HOW = "Занятие и проверочная работа"


def write(school: School, options: Options, users: dict[Person, User], save: Callable, by: Actor) -> None:
    """Courses, skills and qualification of the staff; `save` writes rows of a model with their entries in the trail."""
    load_skills(by=by)
    skills = list(Skill.objects.prefetch_related("required_of_positions"))
    drawn = preparation.draw(options.seed, school.posts, [_asked_of(skill) for skill in skills], school.year_starts[-1])
    by_login = {person.login: users[person] for person in school.people}
    _trainings(drawn, users, by_login, save, by)
    records = [
        SkillRecord(
            person=users[one.person], skill=skills[one.skill], confirmed_on=one.date, how=HOW,
            confirmed_by=by_login["support"] if users[one.person] != by_login["support"] else by_login["deputy"],
        )
        for one in drawn.abilities
    ]  # fmt: skip
    save(SkillRecord, records, "skill_record.added", by, ("person", "skill", "confirmed_on"))
    diplomas = [
        QualificationRecord(
            person=users[one.person], education=QualificationRecord.Education.SPECIALIST, speciality=one.speciality,
            document=one.document, category=one.category, valid_until=one.valid_until, recorded_by=by_login["deputy"],
        )
        for one in drawn.diplomas
    ]  # fmt: skip
    save(QualificationRecord, diplomas, "qualification_record.added", by, ("person", *QUALIFICATION_FIELDS))


def _asked_of(skill: Skill) -> frozenset[str] | None:
    if skill.required_of_all:
        return None
    return frozenset(position.code for position in skill.required_of_positions.all())


def _trainings(drawn: Preparation, users: dict, by_login: dict[str, User], save: Callable, by: Actor) -> None:
    rows = [_training(course, users[course.person], by_login) for course in drawn.courses]
    save(Training, rows, "training.added", by, ("person", *TRAINING_FIELDS))
    elements = {element.slug: element for element in Element.objects.platforms()}
    ties = [
        TrainingElement(training=row, element=elements[slug])
        for course, row in zip(drawn.courses, rows, strict=True)
        if row.confirmed_by
        for slug in TOPICS[course.topic][-1]
    ]
    save(TrainingElement, ties, "training_element.added", by, ("training", "element"))


def _training(course: Course, person: User, by_login: dict[str, User]) -> Training:
    title, organisation, kind, hours, document, *_ = TOPICS[course.topic]
    boss = by_login["director"] if person == by_login["deputy"] else by_login["deputy"]
    row = Training(
        person=person, kind=kind, title=title, organisation=organisation, hours=hours, document=document,
        document_number=course.number, document_date=course.date, valid_until=course.valid_until,
        recorded_by=person if course.waits else boss,
    )  # fmt: skip
    if not course.waits:
        row.confirmed_by, row.confirmed_at = boss, timezone.now()
    row.prepare_search()
    return row
