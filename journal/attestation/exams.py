"""State exams (ОГЭ): who has which results, and a file of them read. Reads only; no certificates are kept (1.3 b)."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from accounts.models.school import parse_class_name
from eios.lib import russian, search, tables
from eios.lib.tables import Heading, Layout
from eios.lib.tables import values as cells
from journal.attestation.pupils import within
from journal.models import StateExam
from resources.models import Subject

GRADES = (9, 11)
LAYOUT = Layout(
    (
        Heading("pupil", "Фамилия, имя, отчество", ("ФИО", "Обучающийся", "Участник", "Ученик")),
        Heading("school_class", "Класс"),
        Heading("subject", "Предмет", ("Учебный предмет", "Экзамен")),
        Heading("date", "Дата", ("Дата экзамена", "День экзамена")),
        Heading("score", "Первичный балл", ("Балл", "Баллы", "Первичный балл за экзамен")),
        Heading("mark", "Отметка", ("Оценка",)),
        Heading("is_retake", "Пересдача", ("Повторно",)),
    ),
    needs=(("pupil", "subject", "date", "mark"),),
)
YES = {"да", "+", "1", "пересдача", "повторно"}


def classes(year: AcademicYear) -> QuerySet[SchoolClass]:
    """Classes that pass state exams."""
    return year.classes.filter(grade__in=GRADES).select_related("year").order_by("grade", "letter")


def pupils_of(school_class: SchoolClass, date: datetime.date) -> list[User]:
    """Of the class on the date; of graduates who have left already, those who were there when the exams began."""
    day = within(school_class.year, date)
    june = datetime.date(school_class.year.ends.year, 5, 15)
    rows = Enrolment.objects.on(min(day, june)).filter(school_class=school_class)
    return list(User.objects.filter(pk__in=rows.values("pupil")).order_by("sort_name", "pk"))


def results_of(school_class: SchoolClass, pupils: list[User]) -> dict[int, list[StateExam]]:
    """Key of the pupil → results of the class's year, in order of days; one query."""
    found = defaultdict(list)
    for one in StateExam.objects.filter(year=school_class.year, pupil__in=pupils).listed():
        found[one.pupil_id].append(one)
    return found


# A file


@dataclass
class Line:
    """A row of the file: what it says, and what it will do. `problem` forbids the whole file."""

    number: int
    pupil_name: str
    class_name: str
    subject_name: str
    date_text: str
    score_text: str
    mark_text: str
    is_retake: bool
    exam: StateExam | None = None
    problem: str = ""
    outcome: str = ""

    KINDS = {"новый": "ok", "изменится": "wait", "такой же": "", "ошибка": "no"}

    @property
    def kind(self) -> str:
        return self.KINDS[self.outcome]

    @property
    def values(self) -> list:
        return [self.number, self.pupil_name, self.class_name, self.subject_name, self.date_text, self.score_text,
                self.mark_text, self.is_retake]  # fmt: skip


@dataclass
class Plan:
    """What a file would do."""

    year: AcademicYear
    lines: list[Line] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        return [(one, kind, sum(line.outcome == one for line in self.lines)) for one, kind in Line.KINDS.items()]

    @property
    def has_errors(self) -> bool:
        return any(line.problem for line in self.lines)

    @property
    def changes(self) -> list[StateExam]:
        return [line.exam for line in self.lines if line.outcome in ("новый", "изменится")]

    @property
    def rows(self) -> list[list]:
        return [line.values for line in self.lines]


def read(data: bytes) -> list[list]:
    """Rows of a file as words. Raises TableError."""
    found = tables.locate(tables.read(data), LAYOUT).rows
    return [
        [
            row.number, row.text("pupil"), row.text("school_class"), row.text("subject"), row.text("date"),
            row.text("score"), row.text("mark"), row.text("is_retake").casefold() in YES,
        ]
        for row in found
    ]  # fmt: skip


def plan_of(rows: list[list], year: AcademicYear) -> Plan:
    """What the rows would do for the pupils of this year's classes with state exams; a constant number of queries."""
    plan = Plan(year, [Line(*row) for row in rows])
    people = _people(year)
    subjects = {_key(one.name): one for one in Subject.objects.all()}
    keys = {pupil.pk for found in people.values() for pupil, _ in found}
    there = {(one.pupil_id, one.subject_id, one.date): one for one in StateExam.objects.filter(pupil__in=keys)}
    seen: dict[tuple, int] = {}
    for line in plan.lines:
        line.problem = _fill(line, year, people, subjects)
        if not line.problem:
            _compare(line, there, seen)
        line.outcome = "ошибка" if line.problem else line.outcome
    return plan


def _key(text: str) -> str:
    """Names alike whatever the case, ё and punctuation."""
    return " ".join(search.words(text))


def _people(year: AcademicYear) -> dict[str, list[tuple[User, SchoolClass]]]:
    rows = Enrolment.objects.filter(school_class__in=classes(year)).select_related("pupil", "school_class")
    found: dict[str, dict[int, tuple[User, SchoolClass]]] = defaultdict(dict)
    for row in rows.order_by("starts"):
        found[_key(row.pupil.get_full_name())][row.pupil_id] = (row.pupil, row.school_class)
    return {name: list(people.values()) for name, people in found.items()}


def _fill(line: Line, year: AcademicYear, people: dict, subjects: dict) -> str:
    """Makes the exam of the line; the words of what is wrong, or ""."""
    found = people.get(_key(line.pupil_name), [])
    if line.class_name:
        try:
            grade, letter = parse_class_name(line.class_name)
        except ValidationError as error:
            return " ".join(error.messages)
        found = [pair for pair in found if (pair[1].grade, pair[1].letter) == (grade, letter)]
    if len(found) != 1:
        who = f"«{line.pupil_name}»"
        return f"{who}: таких несколько, укажите класс." if found else f"{who}: нет среди тех, кто сдаёт экзамены."
    subject = subjects.get(_key(line.subject_name))
    if subject is None:
        return f"«{line.subject_name}»: такого предмета в списке школы нет."
    return _fill_result(line, year, found[0][0], subject)


def _fill_result(line: Line, year: AcademicYear, pupil: User, subject: Subject) -> str:
    try:
        date = cells.date(line.date_text, latest=year.ends)
    except ValueError as error:
        return str(error)
    if date is None or not year.starts <= date <= year.ends:
        return f"«{line.date_text}»: день вне учебного года {year}."
    if line.mark_text not in {"2", "3", "4", "5"}:
        return f"«{line.mark_text}»: отметка — от 2 до 5."
    if line.score_text and not (line.score_text.isascii() and line.score_text.isdigit() and len(line.score_text) < 4):
        return f"«{line.score_text}»: балл — целое число."
    score = int(line.score_text) if line.score_text else None
    if score is not None and score > 100:
        return f"«{line.score_text}»: балл — не больше 100."
    line.exam = StateExam(
        pupil=pupil, year=year, subject=subject, date=date, score=score, mark=int(line.mark_text),
        is_retake=line.is_retake,
    )  # fmt: skip
    return ""


def _compare(line: Line, there: dict, seen: dict) -> None:
    exam = line.exam
    key = (exam.pupil_id, exam.subject_id, exam.date)
    if key in seen:
        line.problem = f"Этот экзамен уже есть в строке {seen[key]}."
        return
    seen[key] = line.number
    old = there.get(key)
    if old is None:
        line.outcome = "новый"
        return
    same = (old.score, old.mark, old.is_retake) == (exam.score, exam.mark, exam.is_retake)
    line.outcome = "такой же" if same else "изменится"
    exam.pk = old.pk


def title(exam: StateExam) -> str:
    return f"{exam.subject}, {russian.short_date(exam.date)}"
