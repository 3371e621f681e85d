"""Academic debts: who sees which, what waits, what they mean for promotion (273-ФЗ, ст. 58)."""

import datetime
from collections import defaultdict

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import AcademicYear, RolloverDecision, SchoolClass, User
from accounts.models.rollover import Outcome
from accounts.rollover.checks import WARNING, Finding
from eios.lib import russian
from journal import rights
from journal.attestation.schedule import unfinished
from journal.models import AcademicDebt, Retake, TeachingLoad

OPEN, DUE, EXHAUSTED, CLEARED, ALL = "", "due", "exhausted", "cleared", "all"
STATES = {
    OPEN: "Открытые",
    DUE: "Ждут результата",
    EXHAUSTED: "Попытки исчерпаны",
    CLEARED: "Ликвидированные",
    ALL: "Все",
}
NOT_ENTERED = Q(value="", missed=False)
WORDS = ("академическая задолженность", "академические задолженности", "академических задолженностей")
UNCONDITIONAL = (Outcome.PROMOTED, Outcome.GRADUATES)
# Grades that end with the state's exam.
WITH_STATE_EXAM = (9, 11)


def seen(person: User, date: datetime.date) -> QuerySet[AcademicDebt]:
    """Of the gradebooks that one reads, and of the pupils whose whole diary one reads: the family's own."""
    if rights.reads_all(person):
        return AcademicDebt.objects.all()
    books, pupils = rights.gradebooks_seen(person, date), rights.diaries_of(person, date)
    return AcademicDebt.objects.filter(Q(gradebook__in=books) | Q(pupil__in=pupils))


def in_state(rows: QuerySet[AcademicDebt], state: str, date: datetime.date) -> QuerySet[AcademicDebt]:
    retakes = Retake.objects.filter(debt=OuterRef("pk"))
    if state == CLEARED:
        return rows.filter(cleared_on__isnull=False)
    if state == DUE:
        return rows.open().filter(Exists(retakes.filter(NOT_ENTERED, date__lte=date)))
    if state == EXHAUSTED:
        return rows.open().filter(Exists(retakes.filter(number=2).exclude(NOT_ENTERED)))
    return rows if state == ALL else rows.open()


def filtered(rows: QuerySet[AcademicDebt], values: dict, date: datetime.date) -> QuerySet[AcademicDebt]:
    """By the filters of the board: `state`, `school_class`, `q`."""
    rows = in_state(rows, values["state"], date)
    if values["school_class"]:
        rows = rows.filter(gradebook__school_class=values["school_class"])
    if values["q"]:
        rows = rows.filter(pupil__in=User.objects.matching(values["q"]))
    return rows.listed()


def classes_with(rows: QuerySet[AcademicDebt]) -> QuerySet[SchoolClass]:
    return SchoolClass.objects.filter(gradebooks__debts__in=rows).distinct().select_related("year")


def retakes_due(date: datetime.date) -> QuerySet[Retake]:
    """Retakes whose day has come and whose result nobody has entered."""
    return Retake.objects.filter(NOT_ENTERED, date__lte=date)


def retakes_due_of(key: int, date: datetime.date) -> QuerySet[Retake]:
    """Of the gradebooks that the teacher with this key teaches."""
    loads = TeachingLoad.objects.on(date).filter(gradebook=OuterRef("debt__gradebook"), teacher=key)
    return retakes_due(date).filter(Exists(loads))


# The change of the year


def proposals(classes: list[SchoolClass], date: datetime.date) -> dict[int, tuple[str, str]]:
    """What the debts propose: pupil → outcome and reason. Pupils without open debts are left to the usual outcome.

    Debts that are open move a pupil on conditionally; where both retakes were in vain or the year for them is over, and
    where the state's exam follows, people decide. Debts of earlier years count too.
    """
    if not classes:
        return {}
    rows = AcademicDebt.objects.open().filter(pupil__enrolments__school_class__in=classes, opened_on__lte=date)
    by_pupil: dict[int, dict[int, AcademicDebt]] = defaultdict(dict)
    for debt in rows.select_related("gradebook__subject").prefetch_related("retakes").order_by("opened_on", "pk"):
        by_pupil[debt.pupil_id][debt.pk] = debt
    last = _in_last_grade(classes, by_pupil) if by_pupil else set()
    return {key: _proposal(list(debts.values()), date, is_last=key in last) for key, debts in by_pupil.items()}


def _in_last_grade(classes: list[SchoolClass], pupils) -> set[int]:
    """Keys of pupils whose year ends with the state's exam."""
    last = [one.pk for one in classes if one.grade in WITH_STATE_EXAM]
    rows = User.objects.filter(pk__in=list(pupils), enrolments__school_class__in=last)
    return set(rows.values_list("pk", flat=True)) if last else set()


def _proposal(debts: list[AcademicDebt], date: datetime.date, *, is_last: bool) -> tuple[str, str]:
    count = len(debts)
    names = ", ".join(str(one.subject) for one in debts)
    words = russian.plural(count, *WORDS)
    reason = f"{count} {words}: {names}"
    if is_last:
        return Outcome.UNDECIDED, f"{reason}. К государственной аттестации допускают без задолженностей"
    if any(one.is_exhausted or one.until < date for one in debts):
        return Outcome.UNDECIDED, f"{reason}. Пересдачи или год исчерпаны: как учиться дальше, выбирают родители"
    return Outcome.CONDITIONAL, reason


def preflight(year: AcademicYear, date: datetime.date) -> list[Finding]:
    """Attestations without results, where the proposals are not yet whole; and decisions that forget an open debt."""
    return [
        Finding(WARNING, f"{one}: не внесено результатов — {count}.", _address(one))
        for one, count in unfinished(list(year.classes.all()), date).items()
    ] + _forgotten(year, date)


def _forgotten(year: AcademicYear, date: datetime.date) -> list[Finding]:
    """Decided to move on or to leave school as if there were no debt."""
    debts = AcademicDebt.objects.open().filter(pupil=OuterRef("pupil"), opened_on__lte=date)
    rows = RolloverDecision.objects.filter(Exists(debts), rollover__year=year, outcome__in=UNCONDITIONAL)
    return [
        Finding(
            WARNING,
            f"{row.pupil}: решено «{row.get_outcome_display()}», а задолженности открыты.",
            reverse("accounts:rollover_class", args=[row.rollover_id, row.school_class_id]),
        )
        for row in rows.select_related("pupil").order_by("pupil__sort_name", "pk")
    ]


def _address(school_class: SchoolClass) -> str:
    return reverse("journal:attestation_class", args=[school_class.pk])
