"""Kinds of files that this app owns, and who may read them; every app with files has such a module."""

from dataclasses import replace

from accounts.classes import classes_of
from accounts.consents import is_child_of
from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import Consent, StoredFile, User
from accounts.models.people import MANAGEMENT_LEVEL
from accounts.staff import trainings_for
from eios.lib.dates import today
from eios.lib.filetypes import kinds


def everybody(person: User | None, file: StoredFile) -> bool:
    """The school's logo stands on public pages."""
    return True


def management(person: User | None, file: StoredFile) -> bool:
    """Scans of orders are for those to whom orders open."""
    return person is not None and person.level >= MANAGEMENT_LEVEL


def consent_scan(person: User | None, file: StoredFile) -> bool:
    """The scan of a signed consent: the subject, the subject's parents, the class teacher and the management."""
    row = Consent.objects.filter(scan=file).select_related("subject").first()
    if person is None or row is None:
        return False
    is_family = person.pk == row.subject_id or is_child_of(row.subject, person, today())
    pupils = User.objects.in_classes(classes_of(person, today()), today())
    return is_family or pupils.filter(pk=row.subject_id).exists()


FILE_KINDS.register("consent_scan", replace(kinds.SCAN, title="скан согласия"))
FILE_AUTHORISERS.register("consent_scan", consent_scan)
FILE_KINDS.register("logo", kinds.LOGO)
FILE_AUTHORISERS.register("logo", everybody)

ORDER_SCAN = replace(kinds.SCAN, title="скан приказа", types=frozenset({"application/pdf", "image/jpeg"}))
FILE_KINDS.register("order_scan", ORDER_SCAN)
FILE_AUTHORISERS.register("order_scan", management)


def uploader_or_management(person: User | None, file: StoredFile) -> bool:
    """Lists of pupils and staff: for the one who gave the file, and for the management."""
    return person is not None and (person.pk == file.owner_id or person.level >= MANAGEMENT_LEVEL)


FILE_KINDS.register("registration", replace(kinds.TABLE, title="регистрационная ведомость"))
FILE_AUTHORISERS.register("registration", uploader_or_management)


def readers_of_training(person: User | None, file: StoredFile) -> bool:
    """The scan of a training opens to those who may open the record."""
    return person is not None and trainings_for(person).filter(scan=file).exists()


FILE_KINDS.register("training_scan", replace(kinds.SCAN, title="документ об обучении"))
FILE_AUTHORISERS.register("training_scan", readers_of_training)
