"""Rows of attestation for tests."""

import datetime

from accounts.models import User
from journal.models import AcademicDebt, AssessmentResult, Council, Gradebook, InterimAssessment, Retake, StateExam
from tests.factories import make_subject
from tests.journal.factories import first_day


def make_assessment(gradebook: Gradebook, *, form="контрольная работа", date=None, **fields) -> InterimAssessment:
    """An attestation whose day has come."""
    return InterimAssessment.objects.create(
        gradebook=gradebook, form=form, date=date or first_day(gradebook), **fields
    )  # fmt: skip


def make_debt(gradebook: Gradebook, pupil: User, *, opened_on=None, value="2", **fields) -> AcademicDebt:
    """A debt with the failed result that opened it."""
    assessment = InterimAssessment.objects.filter(gradebook=gradebook).first() or make_assessment(gradebook)
    AssessmentResult.objects.create(assessment=assessment, pupil=pupil, value=value)
    return AcademicDebt.objects.create(
        gradebook=gradebook, pupil=pupil, opened_on=opened_on or assessment.date, **fields
    )  # fmt: skip


def make_retake(debt: AcademicDebt, *, number=1, date=None, **fields) -> Retake:
    date = date or debt.opened_on + datetime.timedelta(days=number)
    return Retake.objects.create(debt=debt, number=number, date=date, **fields)


def make_exam(pupil: User, *, subject=None, mark=4, score=20, date=None, **fields) -> StateExam:
    """An exam of the pupil's class's year."""
    year = pupil.enrolments.first().school_class.year
    date = date or datetime.date(year.ends.year, 6, 3)
    return StateExam.objects.create(
        pupil=pupil, year=year, subject=subject or make_subject(), date=date, mark=mark, score=score, **fields
    )  # fmt: skip


def make_council(*classes, kind="term", number=1, state="proposing", **fields) -> Council:
    if state == "confirmed":
        fields = {"minutes_number": "3", "minutes_date": classes[0].year.starts, **fields}
    council = Council.objects.create(year=classes[0].year, kind=kind, number=number, state=state, **fields)
    council.classes.set(classes)
    return council
