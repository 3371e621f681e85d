"""Attestation of the demonstration school: last year's results with a few debts, this year's schedule, a council."""

import datetime
from collections import defaultdict
from random import Random

from accounts.models import AcademicYear, Enrolment, SchoolClass, User
from eios.demo.marks import YEAR_OF_WEEKS
from eios.demo.school import Options
from eios.lib.dates import today
from journal.attestation.schedule import days_for, forms_of
from journal.models import (
    AcademicDebt,
    AssessmentResult,
    Council,
    Gradebook,
    InterimAssessment,
    Result,
    ResultKind,
    Retake,
    Scale,
    StateExam,
    TeachingLoad,
)
from journal.periods import period_on, periods_of
from resources.models import Subject

BATCH = 2000
DAY = datetime.timedelta(days=1)
# Grades of the past year whose results are kept here; those after them have left.
WITH_RESULTS, FINAL_GRADE = range(5, 9), 9
EXAMS = ("Русский язык", "Математика", "Обществознание", "Информатика", "География", "Биология")
SCORES = {5: (28, 33), 4: (22, 27), 3: (15, 21)}
DEBTS, EARLY_DEBTS = 6, 3


def write(options: Options) -> None:
    """After the gradebooks: what has been and what is coming, the same for one seed."""
    rng = Random(f"{options.seed} attestation")  # noqa: S311 (marks, not secrets)
    year = AcademicYear.objects.on(today()).get()
    forms = {one.grade: forms_of(one) for one in year.classes.order_by("pk")}
    days = _days(year)
    if not days:
        return
    coming = _schedule(year, forms, [days[0] + number * DAY for number in range((days[1] - days[0]).days + 1)])
    _commissions(coming)
    _next_council(year)
    _early(rng, coming, year)
    past = year.former()
    if past is not None and past.classes.exists():
        shifted = [day - YEAR_OF_WEEKS for day in days]
        held = _schedule(past, forms, [shifted[0] + number * DAY for number in range((days[1] - days[0]).days + 1)])
        _results(rng, [one for one in held if one.gradebook.school_class.grade in WITH_RESULTS], ResultKind.YEAR, DEBTS)
        _exams(rng, past)


def _days(year: AcademicYear) -> tuple[datetime.date, datetime.date] | None:
    """Days of attestation of the basic school, else the last fortnight of its terms."""
    some = year.classes.filter(grade__gte=5).first()
    entries = days_for(some) if some else []
    if entries:
        return entries[0].starts, entries[0].ends
    terms = periods_of(year, 5)
    return (terms[-1].ends - 13 * DAY, terms[-1].ends) if terms else None


def _schedule(year: AcademicYear, forms: dict, days: list[datetime.date]) -> list[InterimAssessment]:
    """A line for every gradebook that the curriculum attests, two subjects of a class on one working day."""
    working = [day for day in days if day.weekday() < 5] or days
    rows, place = [], defaultdict(int)
    books = Gradebook.objects.filter(school_class__year=year).exclude(scale=Scale.NONE).listed()
    for book in books:
        form = forms.get(book.school_class.grade, {}).get(book.subject_id)
        if form:
            day = working[place[book.school_class_id] // 2 % len(working)]
            rows.append(InterimAssessment(gradebook=book, form=form, date=day))
            place[book.school_class_id] += 1
    return InterimAssessment.objects.bulk_create(rows, batch_size=BATCH)


def _commissions(rows: list[InterimAssessment]) -> None:
    """The subject's teacher and a deputy head sit in the commissions of the last grade."""
    deputy = User.objects.get(username="deputy")
    last = [one for one in rows if one.gradebook.school_class.grade == FINAL_GRADE]
    loads = TeachingLoad.objects.filter(gradebook__in=[one.gradebook_id for one in last])
    teachers = dict(loads.order_by("pk").values_list("gradebook", "teacher"))
    through, seats = InterimAssessment.commission.through, []
    for one in last:
        people = {deputy.pk, teachers.get(one.gradebook_id, deputy.pk)}
        seats += [through(interimassessment_id=one.pk, user_id=key) for key in sorted(people)]
    through.objects.bulk_create(seats, batch_size=BATCH)


def _next_council(year: AcademicYear) -> None:
    """The council of the term that is going on: teachers propose."""
    terms = periods_of(year, 5)
    term = period_on(terms, today())
    if term is None:
        return
    council = Council.objects.create(year=year, kind=ResultKind.TERM, number=term.number, date=term.ends)
    taken = SchoolClass.objects.filter(councils__kind=ResultKind.TERM, councils__number=term.number)
    council.classes.set(year.classes.filter(grade__gt=1).exclude(pk__in=taken.values("pk")))


def _early(rng: Random, coming: list[InterimAssessment], year: AcademicYear) -> None:
    """One subject is attested at the end of the first term, where that is over: outside the calendar's days."""
    terms = periods_of(year, 5)
    if not terms or terms[0].ends > today() - 5 * DAY:
        return
    one = next((row for row in reversed(coming) if row.gradebook.school_class.grade in WITH_RESULTS), None)
    if one is not None:
        one.date = terms[0].ends
        one.save(update_fields=["date"])
        _results(rng, [one], ResultKind.TERM, EARLY_DEBTS)


def _results(rng: Random, rows: list[InterimAssessment], kind: str, debts: int) -> None:
    """Results after those of the year or the first term; everybody has passed but a few, in every state of a debt."""
    books = {one.gradebook_id: one for one in rows}
    here = set(Enrolment.objects.on(today()).values_list("pupil", flat=True))
    given = Result.objects.filter(gradebook__in=books, kind=kind, number__lte=1).order_by("pk")
    results = []
    for book, pupil, value in given.values_list("gradebook", "pupil", "value"):
        value = value if value in ("5", "4", "3", "зач") else "3"
        results.append(AssessmentResult(assessment=books[book], pupil_id=pupil, value=value))
    weak = [one for one in results if one.value in ("3", "4") and one.pupil_id in here]
    failed = rng.sample(weak, min(debts, len(weak)))
    for number, one in enumerate(failed):
        one.value, one.missed = ("", True) if number % 3 == 2 else ("2", False)
    AssessmentResult.objects.bulk_create(results, batch_size=BATCH)
    for number, one in enumerate(failed):
        _debt(number, one)


def _debt(number: int, result: AssessmentResult) -> None:
    """Open with a retake to come; cleared by the first one; waiting for the second one's result; in vain twice; cleared
    by the second one; nothing set."""
    opened = result.assessment.date
    age = max((today() - opened).days, 4)
    first, second = (opened + age * part // 4 * DAY for part in (1, 3))
    taken = [[(first, "2"), (today() + 14 * DAY, "")], [(first, "3")], [(first, "2"), (today() - DAY, "")],
             [(first, "2"), (second, "2")], [(first, "2"), (second, "4")], []][number % DEBTS]  # fmt: skip
    cleared = next((day for day, value in taken if value not in ("", "2")), None)
    debt = AcademicDebt.objects.create(
        gradebook=result.assessment.gradebook, pupil_id=result.pupil_id, opened_on=opened, cleared_on=cleared
    )
    people = User.objects.filter(username__in=["deputy", "teacher1"])
    for place, (day, value) in enumerate(taken, 1):
        retake = Retake.objects.create(debt=debt, number=place, date=day, value=value)
        if place == 2:
            retake.commission.set(people)


def _exams(rng: Random, year: AcademicYear) -> None:
    """Four exams of everybody in last year's ninth grade."""
    subjects = list(Subject.objects.filter(name__in=EXAMS).order_by("pk"))
    subjects.sort(key=lambda one: EXAMS.index(one.name))
    first = datetime.date(year.ends.year, 6, 3)
    pupils = Enrolment.objects.filter(school_class__year=year, school_class__grade=FINAL_GRADE)
    rows = []
    for pupil in pupils.order_by("pk").values_list("pupil", flat=True).distinct():
        for place, subject in enumerate(subjects[:2] + rng.sample(subjects[2:], min(2, len(subjects[2:])))):
            mark = rng.choices((5, 4, 3), (3, 4, 3))[0]
            low, high = SCORES[mark]
            rows.append(
                StateExam(
                    pupil_id=pupil, year=year, subject=subject, date=first + place * 4 * DAY, mark=mark,
                    score=rng.randint(low, high),
                )
            )  # fmt: skip
    StateExam.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
