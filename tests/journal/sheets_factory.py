"""A class as large as they come, for yearly sheets: 35 pupils with long names, 17 subjects, a full year."""

import datetime

from accounts.models import Enrolment, ImportBatch, SchoolClass, User
from journal.models import Absence, Gradebook, Result
from resources.models import Subject
from tests.factories import make_class, make_person, make_subject
from tests.journal.factories import make_terms

SUBJECTS = (
    "Русский язык", "Литература", "Иностранный язык (английский)", "Алгебра", "Геометрия", "Вероятность и статистика",
    "Информатика", "История", "Обществознание", "География", "Физика", "Химия", "Биология",
    "Изобразительное искусство", "Музыка", "Труд (технология)",
    "Основы духовно-нравственной культуры народов России",
)  # fmt: skip
ROWS = [("term", 1), ("term", 2), ("term", 3), ("term", 4), ("year", 0), ("exam", 0), ("final", 0)]
LONG = ("Константинопольская-Римская-Корсакова", "Александра-Елизавета", "Владиславовна")


def value_of(pupil: int, subject: int, row: int) -> str:
    """What stands in a cell by places; exams only in two subjects."""
    if ROWS[row][0] == "exam" and subject > 1:
        return ""
    kind = (pupil * 7 + subject * 3 + row) % 23
    return {0: "н/а", 1: "осв", 2: "зач"}.get(kind, str(2 + kind % 4))


def make_full_class(*, pupils=35, subjects=SUBJECTS, year=None, letter="Я") -> SchoolClass:
    school_class = make_class(grade=8, letter=letter, year=year)
    year = school_class.year
    if not school_class.year.classes.exclude(pk=school_class.pk).exists():
        make_terms(year)
    books = [
        Gradebook.objects.create(school_class=school_class, subject=_subject(name)) for name in subjects
    ]  # fmt: skip
    batch = ImportBatch.objects.get_or_create(purpose="journal", source="Проверка")[0]
    people = [_pupil(number) for number in range(pupils)]
    Enrolment.objects.bulk_create(Enrolment(pupil=one, school_class=school_class, starts=year.starts) for one in people)
    Result.objects.bulk_create(
        Result(pupil=pupil, year=year, subject=book.subject, gradebook=book, kind=kind, number=number, value=value,
               batch=batch)
        for place, pupil in enumerate(people) for at, book in enumerate(books)
        for row, (kind, number) in enumerate(ROWS) if (value := value_of(place, at, row))
    )  # fmt: skip
    Absence.objects.bulk_create(
        Absence(gradebook=books[lesson], pupil=pupil, date=_day(year, day), code="ill" if place % 2 else "excused")
        for place, pupil in enumerate(people) for day in range(place % 4) for lesson in range(2)
        if lesson < len(books)
    )  # fmt: skip
    return school_class


def _day(year, number: int) -> datetime.date:
    """One in the first term, the others in the second."""
    month, day = ((9, 15), (11, 10), (11, 17))[number]
    return datetime.date(year.starts.year, month, day)


def _subject(name: str) -> Subject:
    return Subject.objects.filter(name=name).first() or make_subject(name)


def _pupil(number: int) -> User:
    surname, name, patronymic = LONG if number % 3 == 0 else ("Иванова", "Мария", "Сергеевна")
    return make_person(surname=f"{surname}{chr(1072 + number % 32)}", name=name, patronymic=patronymic)
