"""Curricula and calendars of the demonstration school: approved ones, and a draft over the weekly limit."""

from decimal import Decimal

from accounts.actor import Actor
from accounts.models import AcademicYear, Order, User
from eios.lib.dates import today
from resources import curricula
from resources.actions import calendars as calendar_actions
from resources.actions import curricula as actions
from resources.actions.privileges import grant
from resources.actions.subjects import load_subjects
from resources.curricula import Filling, NewRow
from resources.models import AcademicCalendar, Curriculum, CurriculumRow, Element, Privilege, StudyLevel, Subject

Part = CurriculumRow.Part
# What the school adds to the federal hours, by level: the part it forms, and courses after lessons.
FORMED = {
    StudyLevel.PRIMARY: {"Кубановедение": (1, 1, 1, 0)},
    StudyLevel.BASIC: {
        "Кубановедение": (1, 1, 1, 1, 1),
        "Основы финансовой грамотности": (1, 0, 0, 0, 0),
        "Проектная деятельность": (0, 0, 1, 1, 0),
    },
}
EXTRA = {
    StudyLevel.PRIMARY: {"Разговоры о важном": (1, 1, 1, 1), "Функциональная грамотность": (0, 1, 1, 1)},
    StudyLevel.BASIC: {
        "Разговоры о важном": (1, 1, 1, 1, 1),
        "Россия — мои горизонты": (0, 1, 1, 1, 1),
        "Готовимся к ОГЭ": (0, 0, 0, 0, 2),
    },
}
ATTESTATION = {
    "Русский язык": "диктант с грамматическим заданием",
    "Литературное чтение": "проверка навыков чтения",
    "Литература": "сочинение",
    "Иностранный язык": "лингвистический тест",
    "Физическая культура": "сдача нормативов",
    "Труд (технология)": "защита проекта",
    "Изобразительное искусство": "творческая работа",
    "Музыка": "творческая работа",
    "Проектная деятельность": "защита проекта",
    "Основы религиозных культур и светской этики": "устный зачёт",
}
USUAL = "контрольная работа"


def write(editor: User, administrator: User, by: Actor) -> None:
    """Subjects; for the current year both levels with hours, attestation and calendar, approved by the first order."""
    load_subjects(by=by)
    year = AcademicYear.objects.on(today()).get()
    privilege = Privilege(element=Element.objects.get(slug="curricula"), person=editor, starts=today(), ends=year.ends)
    privilege.right, privilege.basis = Privilege.Right.CONTRIBUTE, "Составляет учебные планы"
    grant(privilege, by=Actor(administrator, None, administrator.username))
    order = Order.objects.approving().first()
    for level in StudyLevel:
        plan = _plan(level, year, by)
        calendar = calendar_actions.add_calendar(AcademicCalendar(year=year, level=level), example=True, by=by)
        if order:
            actions.approve_curriculum(plan, order=order, by=by)
            calendar_actions.approve_calendar(calendar, order=order, by=by)
    _draft(plan, by)
    calendar_actions.copy_calendar(calendar, year=year, by=by)


def _plan(level: StudyLevel, year: AcademicYear, by: Actor) -> Curriculum:
    plan = actions.add_curriculum(Curriculum(year=year, level=level), federal=True, by=by)
    subjects = Subject.objects.in_bulk(FORMED[level], field_name="name")
    rows = [
        NewRow(Part.FORMED, subjects[name], "", _by_grade(plan, hours)) for name, hours in FORMED[level].items()
    ]  # fmt: skip
    rows += [NewRow(Part.EXTRA, None, title, _by_grade(plan, hours)) for title, hours in EXTRA[level].items()]
    weeks = {one.grade: one.weeks for one in plan.weeks.all()}
    filling = Filling(title="", week=plan.week, weeks=weeks, hours={}, added=rows)
    plan = actions.fill_curriculum(plan, filling, version=plan.version, by=by)
    return actions.set_attestation(plan, _forms(plan), version=plan.version, by=by)


def _by_grade(plan: Curriculum, hours: tuple[int, ...]) -> dict[int, Decimal]:
    return {grade: Decimal(one) for grade, one in zip(plan.grades, hours, strict=True)}


def _forms(plan: Curriculum) -> dict[tuple[int, int], str]:
    """Grade 1 is not marked, and so not attested."""
    return {
        (line.row.pk, cell.grade): ATTESTATION.get(line.row.name, USUAL)
        for line in curricula.lines_of(plan)
        if line.row.subject_id
        for cell in line.cells
        if cell.hours and cell.grade > 1
    }


def _draft(plan: Curriculum, by: Actor) -> None:
    """Another edition that somebody has begun: grade 7 has more hours than the limit allows, as its page says."""
    draft = actions.copy_curriculum(plan, year=plan.year, by=by)
    russian = draft.rows.get(subject__name="Русский язык").hours.get(grade=7)
    weeks = {one.grade: one.weeks for one in draft.weeks.all()}
    hours = {(russian.row_id, 7): russian.hours + 2}
    filling = Filling(title="вариант с русским языком", week=draft.week, weeks=weeks, hours=hours)
    actions.fill_curriculum(draft, filling, version=draft.version, by=by)
