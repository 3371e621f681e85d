"""Kinds of files that the portfolio owns, and who may read them. Secret links have pages of their own for files."""

from dataclasses import replace

from accounts.hints import FILE_AUTHORISERS, FILE_KINDS
from accounts.models import StoredFile, User
from eios.lib.dates import today
from eios.lib.filetypes import kinds
from portfolio import rights, sharing
from portfolio.models import Achievement, Portfolio, WorkFile

EVIDENCE, WORK_FILE, COVER, IMPORT = "portfolio_evidence", "portfolio_work", "portfolio_cover", "portfolio_import"


def readers_of_evidence(person: User | None, file: StoredFile) -> bool:
    """Who sees the achievement; those to whom it was shown see its evidence too."""
    if person is None:
        return False
    rows = Achievement.objects.filter(evidence__file=file)
    if rows.filter(pk__in=rights.achievements_seen(person, today()).values("pk")).exists():
        return True
    return rows.confirmed().filter(shares__in=sharing.shown_to(person, today())).exists()


def readers_of_work(person: User | None, file: StoredFile) -> bool:
    """Who sees the version; an open one its authors alone."""
    if person is None:
        return False
    versions = WorkFile.objects.filter(file=file).values("version")
    return rights.versions_seen(person, today()).filter(pk__in=versions).exists()


def readers_of_cover(person: User | None, file: StoredFile) -> bool:
    """Who sees the pupil's page, and those to whom it was shown with its cover."""
    row = Portfolio.objects.filter(cover=file).first()
    if row is None or person is None:
        return False
    if rights.pupils_seen(person, today()).filter(pk=row.pupil_id).exists():
        return True
    return sharing.shown_to(person, today()).filter(pupil=row.pupil_id, with_cover=True).exists()


def uploader_or_manager(person: User | None, file: StoredFile) -> bool:
    """Lists of participants: for the one who gave the file, and for the management."""
    return person is not None and (person.pk == file.owner_id or rights.manages(person))


FILE_KINDS.register(EVIDENCE, replace(kinds.SCAN, title="подтверждение достижения", without_metadata=True))
FILE_AUTHORISERS.register(EVIDENCE, readers_of_evidence)
FILE_KINDS.register(WORK_FILE, replace(kinds.WORK, title="файл работы", without_metadata=True))
FILE_AUTHORISERS.register(WORK_FILE, readers_of_work)
FILE_KINDS.register(COVER, replace(kinds.PICTURE, title="обложка портфолио", without_metadata=True))
FILE_AUTHORISERS.register(COVER, readers_of_cover)
FILE_KINDS.register(IMPORT, replace(kinds.TABLE, title="список участников или достижений"))
FILE_AUTHORISERS.register(IMPORT, uploader_or_manager)
