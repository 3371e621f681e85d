"""Work programmes of the demonstration school: this year's approved or on the way, last year's, some not renewed."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle

from accounts import audit
from accounts.actions.school import open_year
from accounts.actor import Actor
from accounts.models import AcademicYear, Appointment, MethodGroup, Order, User
from accounts.models.orders import OrderKind
from eios.demo.programme_plans import (
    CONTENT,
    EXPLANATION,
    OUTLINES,
    PRIMARY,
    RESULTS,
    SYSTEMS,
    USUAL_HOURS,
    WHOLE,
)
from eios.demo.school import HIGHEST_GRADE
from eios.lib.dates import start_of_day, today
from resources.actions.privileges import grant
from resources.actions.programmes import put_topics
from resources.models import (
    Curriculum,
    CurriculumGrade,
    CurriculumHours,
    Element,
    Holding,
    Privilege,
    Programme,
    Subject,
    Topic,
)

State = Programme.State
# On the way to approval this year: (subject, grade) → where it stands.
UNDER_WAY = {
    ("Химия", 9): State.DRAFT, ("Физика", 9): State.SUBMITTED, ("Биология", 9): State.CONSIDERED,
    ("География", 9): State.AGREED,
}  # fmt: skip
# Last year's that nobody has carried on.
FORGOTTEN = {("Информатика", 9), ("Литература", 9), ("Физическая культура", 9)}
# Last year's subjects where the school is drawn without last year: enough for a board of renewal.
RECALLED = {"Алгебра", "Информатика", "Литература", "Физическая культура"}
BASIS = "Демонстрационные данные"
PLATFORMS = ("edsoo", "educont", "neb")


@dataclass(frozen=True)
class Draft:
    """A programme before it has a year: what it is, and its plan as topics with sections."""

    subject: str
    grade: int
    group: str
    topics: list[tuple[str, tuple]]

    @property
    def hours(self) -> int:
        return sum(topic[1] for _, topic in self.topics)


def write(staff: dict[str, User], by: Actor) -> None:
    """Programmes of both years in bulk, each year's by one order; the deputy runs the section."""
    year = AcademicYear.objects.on(today()).get()
    former, recalled = year.former(), None
    if former is None:
        starts = year.starts.replace(year=year.starts.year - 1)
        former, recalled = open_year(starts=starts, by=by, basis=BASIS), RECALLED
    section, person = Element.objects.get(slug="programmes"), staff["deputy"]
    privilege = Privilege(element=section, person=person, starts=today(), ends=year.ends, basis="Ведёт учебную работу")
    privilege.right = Privilege.Right.CONTRIBUTE
    grant(privilege, by=Actor(staff["admin"], None, staff["admin"].username))
    authors = _authors()
    drafts = [draft for draft in _drafts(_by_curriculum(year)) if draft.group in authors]
    past = [draft for draft in drafts if recalled is None or draft.subject in recalled]
    old = _of_year(former, past, authors, staff, {}, by)
    new = [draft for draft in drafts if (draft.subject, draft.grade) not in FORGOTTEN]
    _of_year(year, new, authors, staff, old, by)


def _by_curriculum(year: AcademicYear) -> dict[tuple[str, int], int]:
    """Hours that the year's curricula give, by subject and grade; of a programme still in draft they were missed."""
    approved = Curriculum.objects.approved().filter(year=year)
    weeks = dict(CurriculumGrade.objects.filter(curriculum__in=approved).values_list("grade", "weeks"))
    rows = CurriculumHours.objects.filter(row__curriculum__in=approved, row__subject__isnull=False)
    hours: Counter[tuple[str, int]] = Counter()
    for name, grade, weekly in rows.values_list("row__subject__name", "grade", "hours"):
        hours[name, grade] += int(weekly * weeks[grade])
    return {key: hours[key] for key in hours if UNDER_WAY.get(key) != State.DRAFT}


def _drafts(hours: dict[tuple[str, int], int]) -> Iterator[Draft]:
    for name, sections in PRIMARY.items():
        for grade in range(1, 5):
            yield Draft(name, grade, "начальных", _even(sections, hours.get((name, grade), USUAL_HOURS)))
    for name, (first, last, group, sections) in OUTLINES.items():
        for grade in range(first, last + 1):
            plan = WHOLE.get((name, grade))
            even = _even(sections, hours.get((name, grade), USUAL_HOURS))
            yield Draft(name, grade, group, [(s, topic) for s, found in plan for topic in found] if plan else even)


def _even(sections: tuple[str, ...], hours: int) -> list[tuple[str, tuple]]:
    """A lesson of learning and one of control in each section; the first section takes what is left over."""
    share, rest = divmod(hours, len(sections))
    topics = []
    for place, section in enumerate(sections):
        hours = share + (rest if place == 0 else 0) - 1
        topics += [
            (section, (section, hours, "", "", "")),
            (section, (f"Проверочная: {section}", 1, "проверочная", "", "")),
        ]
    return topics


def _authors() -> dict[str, Iterator[tuple[User, MethodGroup]]]:
    """Teachers of each method group in turn, by a word of the group's name."""
    rows = Appointment.objects.filter(position__code="teacher", method_group__isnull=False, ends__isnull=True)
    found: dict[str, list] = {}
    for row in rows.select_related("person", "method_group").order_by("person__sort_name", "pk"):
        for word in ("начальных", "гуманитарного", "естественно", "физкультуры"):
            if word in row.method_group.name:
                found.setdefault(word, []).append((row.person, row.method_group))
    return {word: cycle(people) for word, people in found.items()}


def _of_year(year, drafts, authors, staff, old, by) -> dict[tuple[str, int], Programme]:
    subjects = {subject.name: subject for subject in Subject.objects.all()}
    drafts = [draft for draft in drafts if draft.subject in subjects]
    order = _order(year, staff, by)
    rows = {}
    for draft in drafts:
        key = (draft.subject, draft.grade)
        before = old.get(key)
        author, group = (before.author, before.method_group) if before else next(authors[draft.group])
        # Last year's were all approved; some of this year's are on the way.
        state = UNDER_WAY.get(key, State.APPROVED) if year.ends >= today() else State.APPROVED
        rows[key] = _row(draft, subjects[draft.subject], year, author, group, state, order, staff, before)
    Programme.objects.bulk_create(rows.values())
    _lists(rows.values())
    for draft in drafts:
        put_topics(rows[draft.subject, draft.grade], _lines(draft))
    # At the end: the search follows the trail, and reads topics too.
    audit.record_many(
        audit.entry(
            by, "programme.added", row, {"subject": [None, row.subject.name], "state": [None, row.state]}, BASIS
        )
        for row in rows.values()
    )
    return rows


def _row(draft, subject, year, author, group, state, order, staff, before) -> Programme:
    meeting = year.starts - datetime.timedelta(days=5)
    passed = list(State).index(state)
    row = Programme(
        subject=subject, grade_from=draft.grade, grade_to=draft.grade, year=year, author=author, method_group=group,
        state=state, renewed_from=before,
        explanation=EXPLANATION.format(hours=draft.hours), results=RESULTS,
        content=CONTENT.format(sections="; ".join(dict.fromkeys(section for section, _ in draft.topics))),
        reference_systems=SYSTEMS.get(draft.group, ""),
    )  # fmt: skip
    if passed >= list(State).index(State.CONSIDERED):
        row.protocol, row.considered_on = "1", meeting
    if passed >= list(State).index(State.AGREED):
        row.agreed_by, row.agreed_on = staff["deputy"], meeting + datetime.timedelta(days=1)
    if state == State.APPROVED:
        row.order = order
    row.prepare()
    return row


def _order(year: AcademicYear, staff: dict[str, User], by: Actor) -> Order:
    date = year.starts - datetime.timedelta(days=2)
    director = staff["director"]
    order = Order(
        kind=OrderKind.GENERAL, register=Order.Register.GENERAL, state=Order.State.EXECUTED, number="170-о", date=date,
        effective_on=year.starts, title="Об утверждении рабочих программ", basis="Решение педагогического совета",
        signatory=director, signatory_name=f"Директор {director.get_short_name()}", created_by=director,
        executed_by=director, executed_at=start_of_day(date),
    )  # fmt: skip
    order.save()
    audit.record(by, "order.drafted", order, {"number": [None, order.number]}, BASIS)
    audit.record(by, "order.executed", order, {"state": [Order.State.SIGNED, Order.State.EXECUTED]}, BASIS)
    return order


def _lines(draft: Draft) -> list[dict]:
    """Topics as the plan's action takes them: what their resources name of the lists becomes links."""
    names = ("name", "hours", "work", "way", "resources")
    return [
        {"section": section, **dict(zip(names, topic, strict=True)), "way": topic[3] or Topic.Way.IN_PERSON}
        for section, topic in draft.topics
    ]


def _lists(rows: Iterable[Programme]) -> None:
    """Platforms for every programme; resources and editions of its subject and grade."""
    rows = list(rows)
    platforms = list(Element.objects.filter(slug__in=PLATFORMS))
    _name(Programme.elements, "element", rows, lambda row: platforms)
    for field, name in ((Programme.resources, "outsideresource"), (Programme.editions, "libraryedition")):
        holdings = list(field.rel.model.objects.active().prefetch_related("subjects"))
        _name(field, name, rows, lambda row, holdings=holdings: [one for one in holdings if _suits(one, row)])


def _suits(holding: Holding, programme: Programme) -> bool:
    first, last = holding.grade_from or 1, holding.grade_to or HIGHEST_GRADE
    return programme.subject in holding.subjects.all() and first <= programme.grade_from <= last


def _name(field, name: str, rows: list[Programme], used: Callable[[Programme], Iterable]) -> None:
    through = field.through
    through.objects.bulk_create(through(**{"programme": row, name: one}) for row in rows for one in used(row))
