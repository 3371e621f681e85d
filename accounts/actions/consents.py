"""Consents: publishing their texts, giving, refusing and withdrawing them, papers handed in at school (152-ФЗ)."""

import datetime
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts import audit, consents
from accounts.actions.dictionaries import save_row
from accounts.actions.files import store
from accounts.actor import Actor
from accounts.consents import Paper
from accounts.models import Consent, ConsentKind, ConsentText, SchoolCard, User
from eios.lib import russian
from eios.lib.dates import start_of_day, today

DATA = Path(__file__).parent.parent / "data"
Audience, Capacity, How = ConsentText.Audience, Consent.Capacity, Consent.How
# The first texts: kind, audience, title, whether the cabinet reminds of it. The words stand in data/consent_*.md.
FIRST_TEXTS = [
    (ConsentKind.PROCESSING, Audience.PUPIL, "Согласие на обработку персональных данных обучающегося", True),
    (
        ConsentKind.PUBLICATION,
        Audience.PUPIL,
        "Согласие на обработку персональных данных, разрешённых для распространения",
        False,
    ),
    (ConsentKind.PORTFOLIO, Audience.PUPIL, "Согласие на показ портфолио обучающегося", False),
    (ConsentKind.PROCESSING, Audience.STAFF, "Согласие на обработку персональных данных работника", True),
    (
        ConsentKind.PUBLICATION,
        Audience.STAFF,
        "Согласие работника на обработку персональных данных, разрешённых для распространения",
        False,
    ),
]


# Texts


@transaction.atomic
def publish_text(
    *,
    kind: str,
    audience: str,
    title: str,
    text: str,
    in_force_from: datetime.date,
    is_asked: bool = False,
    by: Actor,
    basis: str = "",
) -> ConsentText:
    """Adds a version that ends the former on its day: from then on everybody is asked anew.

    Effects: the version; an audit entry. Raises ValidationError where the day is past, or not after the latest version.
    """
    same = ConsentText.objects.filter(kind=kind, audience=audience)
    # Two publications at once wait here for each other; the unique number and day would refuse the second anyway.
    list(same.select_for_update().values_list("pk", flat=True))
    row = ConsentText(
        kind=kind, audience=audience, title=title, text=text, in_force_from=in_force_from, is_asked=is_asked
    )
    row.number = (same.aggregate(number=Max("number"))["number"] or 0) + 1
    row.full_clean()
    row.save(force_insert=True)
    values = audit.snapshot(row, ("kind", "audience", "number", "in_force_from", "is_asked"))
    audit.record(by, "consent_text.published", row, audit.difference({}, values), basis)
    return row


@transaction.atomic
def change_text(row: ConsentText, *, by: Actor, basis: str = "") -> ConsentText:
    """Corrects a version that nobody has answered yet; of an answered one only the reminder can be switched.

    Raises ValidationError where the words would change under an answer.
    """
    old = ConsentText.objects.select_for_update().get(pk=row.pk)
    fixed = ("kind", "audience", "number", "title", "text", "in_force_from")
    is_changed = audit.snapshot(old, fixed) != audit.snapshot(row, fixed)
    if is_changed and old.answers.exists():
        raise ValidationError("На этот текст уже ответили: изменить его нельзя, опубликуйте новую версию.")
    return save_row(row, by=by, basis=basis)


@transaction.atomic
def load_first_consents(*, by: Actor) -> list[ConsentText]:
    """The first version of each text, in force from today, with the school's name; what stands already stays."""
    school = SchoolCard.current().full_name
    known = set(ConsentText.objects.values_list("kind", "audience"))
    added = []
    for kind, audience, title, is_asked in FIRST_TEXTS:
        if (kind, audience) not in known:
            words = (DATA / f"consent_{kind}_{audience}.md").read_text(encoding="utf-8").replace("{school}", school)
            row = publish_text(
                kind=kind, audience=audience, title=title, text=words, in_force_from=today(), is_asked=is_asked,
                by=by, basis="Федеральный закон от 27.07.2006 № 152-ФЗ, статьи 9 и 10.1",
            )  # fmt: skip
            added.append(row)
    return added


# Answers on the portal


@transaction.atomic
def give(text: ConsentText, subject: User, *, by: Actor) -> Consent:
    """The person who acts consents, for himself or as a representative of the own child.

    Effects: the consent, in force at once; a standing refusal gives way; an audit entry about the subject.
    Raises ValidationError: another's turn, another version, not the own child.
    """
    return _answer(text, subject, is_refusal=False, by=by)


@transaction.atomic
def refuse(text: ConsentText, subject: User, *, by: Actor) -> Consent:
    """The person who acts does not consent: the cabinet reminds no more. A consent that stands is withdrawn instead.

    Raises ValidationError as `give` does, and where the consent is given already.
    """
    return _answer(text, subject, is_refusal=True, by=by)


def _answer(text: ConsentText, subject: User, *, is_refusal: bool, by: Actor) -> Consent:
    subject = User.objects.select_for_update().get(pk=subject.pk)
    state = consents.state_of(subject, text.kind, today())
    _check_in_force(state, text)
    capacity = _capacity(subject, state, by)
    standing = state.answer(capacity)
    if standing and standing.is_refusal == is_refusal:
        return standing
    if standing and is_refusal:
        raise ValidationError("Согласие уже дано: его можно отозвать.")
    row = Consent(
        subject=subject, text=text, capacity=capacity, is_refusal=is_refusal, given_by=by.person, address=by.address
    )
    return _add(row, standing, by)


def _check_in_force(state: consents.State, text: ConsentText) -> None:
    if state.text != text:
        raise ValidationError("Текст согласия обновился: прочитайте новую версию.")


def _capacity(subject: User, state: consents.State, by: Actor) -> str:
    is_own = by.person.pk == subject.pk
    if not is_own and not consents.is_child_of(subject, by.person, today()):
        raise ValidationError("Ответить можно только за себя и за своего ребёнка.")
    capacity = consents.capacity_of(by.person, subject, state)
    if capacity is None:
        reason = "До 14 лет отвечает законный представитель." if is_own else "С 18 лет решает сам обучающийся."
        raise ValidationError(reason)
    return capacity


def _add(row: Consent, replaced: Consent | None, by: Actor, given_at: datetime.datetime | None = None) -> Consent:
    """The new answer in place of the standing one, if there is any; both stay in the database."""
    now = timezone.now()
    row.given_at = given_at or now
    if replaced:
        replaced.withdrawn_at, replaced.withdrawn_by, replaced.withdrawn_how = now, by.person, row.how
        replaced.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_how"])
    row.save(force_insert=True)
    _record(by, "consent.refused" if row.is_refusal else "consent.given", row)
    return row


# Withdrawing


@transaction.atomic
def withdraw(subject: User, kind: str, *, reason: str = "", by: Actor) -> int:
    """The person who acts takes back the own side's consent; it works at once. Returns how many rows that were.

    Any lawful representative may withdraw what another one gave. Consents to former versions are withdrawn as well.
    Effects: rows are marked, not deleted; audit entries about the subject. Raises ValidationError as `give` does.
    """
    subject = User.objects.select_for_update().get(pk=subject.pk)
    capacity = _capacity(subject, consents.state_of(subject, kind, today()), by)
    return _withdraw(subject, kind, capacity, How.ELECTRONIC, reason, by)


@transaction.atomic
def withdraw_on_paper(subject: User, kind: str, capacity: str, *, note: str, by: Actor) -> int:
    """A signed withdrawal was handed in at school; who records it says which paper. Raises ValidationError."""
    if not note.strip():
        raise ValidationError({"note": "Укажите бумагу: чьё заявление и от какого числа."})
    subject = User.objects.select_for_update().get(pk=subject.pk)
    return _withdraw(subject, kind, capacity, How.PAPER, note, by)


def _withdraw(subject: User, kind: str, capacity: str, how: str, reason: str, by: Actor) -> int:
    rows = subject.consents.standing().filter(text__kind=kind, capacity__in=_side(capacity), is_refusal=False)
    rows = list(rows.select_related("subject", "text"))
    for row in rows:
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_how = timezone.now(), by.person, how
        row.withdraw_reason = " ".join(reason.split())[:300]
        row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_how", "withdraw_reason"])
        _record(by, "consent.withdrawn", row, {"consent_how": [None, How(how).label]})
    return len(rows)


# Papers


@transaction.atomic
def record_papers(
    text: ConsentText,
    papers: Iterable[Paper],
    *,
    signed_on: datetime.date,
    note: str = "",
    scan: UploadedFile | None = None,
    by: Actor,
) -> int:
    """Signed papers handed in at school, all or none; consents that stand already are passed over.

    Effects: consents of the day when the papers were signed, with who recorded them; the scan in the store; audit
    entries. Returns how many signatures were recorded. Raises ValidationError, FileRefused.
    """
    _check_day(text, signed_on)
    papers = list(papers)
    if scan is not None and len(papers) != 1:
        raise ValidationError("Скан прикладывают к бумаге одного человека.")
    file = store(scan, kind="consent_scan", by=by, owner=None) if scan else None
    paper_fields = {"how": How.PAPER, "recorded_by": by.person, "address": by.address, "note": note, "scan": file}
    return sum(_record_paper(text, paper, signed_on, paper_fields, by) for paper in papers)


def _check_day(text: ConsentText, signed_on: datetime.date) -> None:
    if signed_on > today():
        raise ValidationError({"signed_on": "Бумага не может быть подписана в будущем."})
    if signed_on < text.in_force_from:
        since = russian.short_date(text.in_force_from)
        raise ValidationError({"signed_on": f"Этот текст действует с {since}: раньше его подписать не могли."})


def _record_paper(text: ConsentText, paper: Paper, signed_on: datetime.date, fields: dict, by: Actor) -> int:
    subject = User.objects.select_for_update().get(pk=paper.subject.pk)
    _check_in_force(consents.state_of(subject, text.kind, today()), text)
    # Who had to sign is decided by the age on the day of signing.
    able = consents.wanted(text.audience, subject.birth_date, signed_on)
    count = 0
    for capacity, person in _signers(paper, subject, able):
        answers = subject.consents.filter(text=text, capacity__in=_side(capacity))
        standing = answers.standing().first()
        if standing is None or standing.is_refusal:
            _check_not_taken_back(subject, answers, signed_on)
            row = Consent(subject=subject, text=text, capacity=capacity, given_by=person, **fields)
            _add(row, standing, by, start_of_day(signed_on))
            count += 1
    return count


def _check_not_taken_back(subject: User, answers: QuerySet[Consent], signed_on: datetime.date) -> None:
    """An old paper must not undo what the person decided after signing it. Raises ValidationError."""
    next_day = start_of_day(signed_on + datetime.timedelta(days=1))
    later = Q(withdrawn_at__gte=next_day, is_refusal=False) | Q(given_at__gte=next_day, is_refusal=True)
    if answers.filter(later).exists():
        raise ValidationError(f"{subject}: после подписи согласие отозвали или от него отказались. Нужна новая бумага.")


def _side(capacity: str) -> list[str]:
    return [Capacity.PARENT] if capacity == Capacity.PARENT else list(Consent.OWN)


def _signers(paper: Paper, subject: User, able: tuple) -> list[tuple[str, User | None]]:
    """The signatures of a paper that count, with their people. Raises ValidationError."""
    found = []
    if paper.by_parent:
        if Capacity.PARENT not in able:
            raise ValidationError(f"{subject}: с 18 лет решает сам обучающийся.")
        found.append((Capacity.PARENT, paper.parent))
    if paper.by_pupil:
        own = next((one for one in able if one != Capacity.PARENT), None)
        if own is None:
            raise ValidationError(f"{subject}: до 14 лет подписывает законный представитель.")
        found.append((own, subject))
    if not found:
        raise ValidationError(f"{subject}: отметьте, чья подпись стоит на бумаге.")
    return found


def changes_of(row: Consent) -> dict:
    """What the trail keeps of an answer, in the history of the subject."""
    return {
        "consent": [None, ConsentKind(row.text.kind).label],
        "consent_version": [None, row.text.number],
        "consent_by": [None, Capacity(row.capacity).label],
        "consent_how": [None, How(row.how).label],
    }


def _record(by: Actor, action: str, row: Consent, more: dict | None = None) -> None:
    audit.record(by, action, row.subject, changes_of(row) | (more or {}))
