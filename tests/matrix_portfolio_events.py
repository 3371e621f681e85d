"""Objects of the pages of events and of the portfolio's imports, for the matrix of pages and people."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import ImportBatch, User
from eios.lib.dates import today
from portfolio.actions.imports import take_file
from portfolio.importing.columns import OLYMPIAD
from portfolio.models import Achievement, Event
from tests.portfolio.factories import make_achievement, make_event

OF_EVENT = ("event_detail", "event_change", "event_remove", "participants_add")
OF_BATCH = ("import_detail", "import_answer", "import_apply", "import_drop")
HEAD = {"title": "Матрица", "sphere": "sport", "stage": "", "level": "school", "mode": "in_person", "organiser": ""}


def event_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The teacher's event and one of somebody else, the pupil in the first; the teacher's file, taken and applied."""
    teacher, pupil = people["teacher"], people["pupil"]
    own, other = _event("Внёс учитель", teacher), _event("Внёс другой", None)
    row = Achievement.objects.filter(event__isnull=False, pupil=pupil, title="Внёс учитель").first()
    row = row or make_achievement(pupil, event_id=own["pk"], origin="staff", title="Внёс учитель")
    participant = {"own": {**own, "row": row.pk}, "none": {}}
    batch = {"own": {"pk": _batch(teacher).pk}, "none": {}}
    return {
        **{f"portfolio:{page}": {"own": own, "other": other, "none": {}} for page in OF_EVENT},
        **{f"portfolio:{page}": participant for page in ("participant_change", "participant_remove")},
        **{f"portfolio:{page}": batch for page in OF_BATCH},
        "portfolio:import_undo": {"own": {"pk": _applied(teacher).pk}, "none": {}},
    }


def _event(title: str, person: User | None) -> dict:
    return {"pk": (Event.objects.filter(title=title).first() or make_event(title=title, created_by=person)).pk}


def _batch(person: User) -> ImportBatch:
    """A file to be looked at; whoever may drop it does, and the next one who asks gets another."""
    found = ImportBatch.objects.filter(purpose=OLYMPIAD, created_by=person, state="uploaded").first()
    if found:
        return found
    head = HEAD | {"date": today().isoformat(), "subject": ""}
    file = SimpleUploadedFile("список.csv", "ФИО;Класс\nНикто Никем;8А\n".encode())
    by = Actor(person, None, person.username)
    return take_file(file, purpose=OLYMPIAD, source="Список участников", head=head, by=by)


def _applied(person: User) -> ImportBatch:
    values = {"applied_at": timezone.now(), "applied_by": person}
    found, _ = ImportBatch.objects.get_or_create(
        purpose=OLYMPIAD, source="Список участников", created_by=person, state="applied", defaults=values
    )
    return found
