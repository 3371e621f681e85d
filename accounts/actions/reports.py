"""The verbs of reports about sign-in (12.2): they only write down; no account changes by them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.actor import Actor
from accounts.backends import with_login
from accounts.models import AccessReport, ReportEvent, User
from accounts.models.incidents import LONGEST_LOGIN
from accounts.throttling import normal_login

MOST_EVENTS = 20  # presses told one by one; further ones are only counted
Kind = ReportEvent.Kind


@transaction.atomic
def file_report(*, login: str, what: str, contact: str = "", by: Actor) -> None:
    """Somebody can't sign in under this login, which may be nobody's.

    The same statements run for any login, so that neither the answer nor its time tells whether it exists. Effects: one
    open report for each login, counting its presses; a line of its story; audit. Says nothing back.
    """
    person = with_login(User.objects.all(), login).first()
    record_report(login=login, person=person, what=what, text=contact, by=by)


def record_report(*, login: str, person: User | None, what: str, text: str = "", by: Actor) -> AccessReport:
    """The open report of this login, with one press more. Call it in a transaction."""
    login, key = login.strip()[:LONGEST_LOGIN], normal_login(login)[:LONGEST_LOGIN]
    mine = AccessReport.objects.open().filter(login_key=key)
    pressed = False
    while not pressed:  # again only where it was closed between the two statements
        new = AccessReport(login=login, login_key=key, what=what)
        AccessReport.objects.bulk_create([new], ignore_conflicts=True)
        pressed = mine.update(times=F("times") + 1, last_at=timezone.now(), person=person)
    report = mine.get()
    if report.times <= MOST_EVENTS:
        _tell(report, Kind.FILED, by, text=text, what=what)
    audit.record(by, "access_report.filed", report, {"what": [None, what], "times": [report.times - 1, report.times]})
    return report


def tell_open_report(person: User, kind: Kind, text: str, *, by: Actor) -> None:
    """A line in the story of the person's open report, if there is one. Call it in the transaction of the change."""
    report = AccessReport.objects.open().filter(person=person).order_by("-last_at").first()
    if report:
        _tell(report, kind, by, text=text)


@transaction.atomic
def add_note(report: AccessReport, text: str, *, by: Actor) -> None:
    """What was found out, agreed, promised. Effects: a line of the story; audit. Raises ValidationError."""
    if not text.strip():
        raise ValidationError("Напишите, что выяснили или сделали.")
    _tell(report, Kind.NOTE, by, text=text.strip())
    audit.record(by, "access_report.noted", report)


@transaction.atomic
def close_report(report: AccessReport, answer: str, *, by: Actor) -> None:
    """The report is answered; a new press of the form opens a new one. Raises ValidationError: no answer, or closed."""
    row = AccessReport.objects.select_for_update().get(pk=report.pk)
    if not row.is_open:
        raise ValidationError("Сообщение уже закрыто.")
    row.closed_at, row.closed_by, row.answer = timezone.now(), by.person, answer.strip()
    row.full_clean(exclude=["person", "closed_by"])
    row.save(update_fields=["closed_at", "closed_by", "answer"])
    _tell(row, Kind.CLOSED, by, text=row.answer)
    audit.record(by, "access_report.closed", row, {"answer": ["", row.answer]})


def _tell(report: AccessReport, kind: Kind, by: Actor, *, text: str = "", what: str = "") -> None:
    ReportEvent.objects.create(report=report, kind=kind, what=what, text=text, by=by.person, address=by.address)
