"""The list of subjects that curricula, programmes, materials and the journal share."""

from django.db import transaction

from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.models import SchoolCard
from resources import study_data
from resources.models import Subject, SubjectArea

BASIS = "Исходный перечень предметов"
STEP = 10


@transaction.atomic
def load_subjects(*, by: Actor, update: bool = False) -> int:
    """The subjects of the federal programmes; how many were added. What the school changed stays, unless `update`.

    A subject is known by its name. Effects: areas and subjects, audited; guests see them.
    """
    areas = {area.name: area for area in SubjectArea.objects.all()}
    subjects = {subject.name: subject for subject in Subject.objects.all()}
    added = 0
    for place, (name, seeds) in enumerate(study_data.subject_areas(), 1):
        area = areas.get(name)
        area = area or save_row(SubjectArea(name=name, order=place * STEP), by=by, basis=BASIS)
        for order, seed in enumerate(seeds, 1):
            subject = subjects.get(seed.name)
            added += subject is None
            if subject is None or update:
                _save(subject or Subject(name=seed.name), area, seed, order * STEP, by)
    SchoolCard.touch_public()
    return added


def _save(subject: Subject, area: SubjectArea, seed: study_data.SubjectSeed, order: int, by: Actor) -> None:
    subject.area, subject.short_name, subject.aliases, subject.order = area, seed.short, seed.aliases, order
    save_row(subject, by=by, basis=BASIS)


@transaction.atomic
def save_subject(row: Subject | SubjectArea, *, by: Actor) -> Subject | SubjectArea:
    """Adds or changes a subject or an area. Audited; public curricula show it. Raises ValidationError."""
    saved = save_row(row, by=by)
    SchoolCard.touch_public()
    return saved
