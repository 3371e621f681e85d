"""The agreement: publishing an edition, and accepting it (6.4)."""

import datetime
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.acceptance import children_of
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.gate import parent_must_accept
from accounts.models import Acceptance, AgreementEdition, SchoolCard, User
from eios.lib.dates import today

DATA = Path(__file__).parent.parent / "data"
FIRST_TITLE = "Соглашение с пользователем ЭИОС школы"
Kind = Acceptance.Kind


class AcceptanceError(ValueError):
    """The agreement can't be accepted in this way; the message says why, in Russian."""


@transaction.atomic
def publish_edition(
    *, title: str, text: str, plain_text: str, in_force_from: datetime.date, by: Actor, basis: str = ""
) -> AgreementEdition:
    """Adds an edition that ends the former on its day (13.4): from then on everybody is asked again (6.4).

    Effects: the edition; an audit entry. Raises ValidationError where the day is past, or not after the latest edition.
    """
    # Two publications at once wait here for each other; the unique number and day would refuse the second anyway.
    list(AgreementEdition.objects.select_for_update().values_list("pk", flat=True))
    latest = AgreementEdition.objects.aggregate(number=Max("number"))["number"] or 0
    edition = AgreementEdition(
        number=latest + 1, title=title, text=text, plain_text=plain_text, in_force_from=in_force_from
    )
    edition.full_clean()
    edition.save(force_insert=True)
    changes = {"number": [None, edition.number], "in_force_from": [None, audit.plain(in_force_from)]}
    audit.record(by, "agreement.published", edition, changes, basis)
    return edition


@transaction.atomic
def correct_edition(edition: AgreementEdition, *, by: Actor, basis: str = "") -> AgreementEdition:
    """Corrects the words of an edition that nobody has accepted yet. Raises ValidationError where somebody has."""
    AgreementEdition.objects.select_for_update().get(pk=edition.pk)
    if edition.acceptances.exists():
        raise ValidationError("Эту редакцию уже приняли: изменить её нельзя, опубликуйте новую.")
    return save_row(edition, by=by, basis=basis)


@transaction.atomic
def load_first_agreement(*, by: Actor) -> AgreementEdition | None:
    """The first edition, in force from today, with the school's name in it; None where an edition stands already."""
    if AgreementEdition.objects.exists():
        return None
    school = SchoolCard.current().short_name
    text, plain = (
        (DATA / name).read_text(encoding="utf-8").replace("{school}", school)
        for name in ("agreement.md", "agreement_plain.md")
    )
    basis = "Пункт 6.4 Положения об ЭИОС"
    return publish_edition(title=FIRST_TITLE, text=text, plain_text=plain, in_force_from=today(), by=by, basis=basis)


@transaction.atomic
def accept_for_oneself(edition: AgreementEdition, *, by: Actor) -> Acceptance:
    """One who may accept alone has read and accepts. Raises AcceptanceError."""
    _check_in_force(edition)
    if _needs_parent(by.person):
        raise AcceptanceError("До 14 лет соглашение за ребёнка принимает родитель.")
    return _add(by.person, edition, Kind.SELF, by)


@transaction.atomic
def tick_as_child(edition: AgreementEdition, *, by: Actor) -> Acceptance:
    """A child under 14 has read the plain text; a parent's acceptance is needed beside it. Raises AcceptanceError."""
    _check_in_force(edition)
    if not _needs_parent(by.person):
        raise AcceptanceError("С 14 лет соглашение принимают самостоятельно.")
    return _add(by.person, edition, Kind.CHILD, by)


@transaction.atomic
def accept_for_child(child: User, edition: AgreementEdition, *, by: Actor) -> Acceptance:
    """A parent accepts for the own child under 14. Raises AcceptanceError."""
    _check_in_force(edition)
    if not children_of(by.person, today()).filter(pk=child.pk).exists():
        raise AcceptanceError("Принять соглашение можно только за своего ребёнка.")
    if not _needs_parent(child):
        raise AcceptanceError("Этот обучающийся принимает соглашение самостоятельно.")
    return _add(child, edition, Kind.PARENT, by)


@transaction.atomic
def record_paper(pupils: Iterable[User], edition: AgreementEdition, *, by: Actor) -> int:
    """Signed papers handed in at school: a parent's for those under 14, the pupil's own for others; pupils only.

    Who has one already is passed over. Returns how many were recorded. Raises AcceptanceError.
    """
    _check_in_force(edition)
    school, date = SchoolCard.current(), today()
    return sum(_record_one_paper(one, edition, parent_must_accept(one, school, date), by) for one in pupils)


def _record_one_paper(pupil: User, edition: AgreementEdition, is_parents: bool, by: Actor) -> bool:
    if not pupil.is_pupil:
        raise AcceptanceError(f"{pupil}: на бумаге соглашение принимают только обучающиеся.")
    kinds = Acceptance.PARENT_KINDS if is_parents else Acceptance.OWN_KINDS
    if Acceptance.objects.filter(person=pupil, edition=edition, kind__in=kinds).exists():
        return False
    _add(pupil, edition, Kind.PAPER if is_parents else Kind.OWN_PAPER, by)
    return True


def _check_in_force(edition: AgreementEdition) -> None:
    if AgreementEdition.objects.current(today()) != edition:
        raise AcceptanceError("Соглашение обновилось: прочитайте новую редакцию.")


def _needs_parent(person: User) -> bool:
    return parent_must_accept(person, SchoolCard.current(), today())


def _add(person: User, edition: AgreementEdition, kind: Kind, by: Actor) -> Acceptance:
    """Once, however often the button is pressed: the unique constraint decides between two presses at one time."""
    values = {"by": by.person, "address": by.address}
    row, is_new = Acceptance.objects.get_or_create(person=person, edition=edition, kind=kind, defaults=values)
    if is_new:
        changes = {"edition": [None, edition.number], "kind": [None, str(kind)]}
        audit.record(by, "agreement.accepted", person, changes)
    return row
