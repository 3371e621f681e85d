"""The verbs of subgroups: making, renaming, distributing pupils from a day on (1.3 b)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.marks import Seen, refuse_stale
from accounts.models import SchoolClass
from eios.lib import russian
from journal import decisions
from journal.actions import gradebooks
from journal.models import Gradebook, Subgroup, SubgroupMember
from resources.models import Subject

DAY = datetime.timedelta(days=1)


@transaction.atomic
def save_subgroup(row: Subgroup, *, by: Actor, seen: Seen | None = None) -> Subgroup:
    """Makes or renames a subgroup. Effects: a new one gets its gradebook, kept and marked as decided; audit.

    Raises ValidationError: that name is there already; Stale.
    """
    is_new = row._state.adding
    refuse_stale(row, seen)
    save_row(row, by=by)
    if is_new:
        decided = decisions.of_year(row.school_class.year)
        book = Gradebook(school_class=row.school_class, subject=row.subject, subgroup=row)
        gradebooks.add([decisions.settle(book, decided)], by=by)
    return row


@transaction.atomic
def distribute(
    school_class: SchoolClass, subject: Subject, wanted: dict[int, int | None], starts: datetime.date, *, by: Actor
) -> int:
    """Pupils belong to these subgroups of the subject from the day on: key of the pupil → of the subgroup, or none.

    Effects: what ends, ends the day before; a membership that began on the day or later is put right; marks stay where
    they were given; one audit entry for each subgroup that changed. Returns how many pupils moved.
    Raises ValidationError: the day is outside the year, or a subgroup is another class's.
    """
    year = school_class.year
    if not year.starts <= starts <= year.ends:
        days = f"{russian.short_date(year.starts)} — {russian.short_date(year.ends)}"
        raise ValidationError(f"День — в пределах учебного года: {days}.")
    rows = Subgroup.objects.select_for_update().filter(school_class=school_class, subject=subject)
    groups = {one.pk: one for one in rows.order_by("pk")}
    if not {key for key in wanted.values() if key} <= groups.keys():
        raise ValidationError("Подгруппы изменились, пока вы распределяли. Откройте страницу заново.")
    members = SubgroupMember.objects.filter(subgroup__in=groups, pupil__in=wanted).overlapping(starts, None)
    moved, touched = set(), {}
    for row in members:
        if row.subgroup_id != wanted[row.pupil_id] or row.starts > starts:
            moved.add(row.pupil_id)
            touched.setdefault(row.subgroup_id, [0, 0])[1] += 1
            _end(row, starts)
    there = set(members.on(starts).values_list("pupil", flat=True))
    made = [
        SubgroupMember(subgroup=groups[key], pupil_id=pupil, starts=starts)
        for pupil, key in wanted.items()
        if key and pupil not in there
    ]
    for row in made:
        moved.add(row.pupil_id)
        touched.setdefault(row.subgroup_id, [0, 0])[0] += 1
    SubgroupMember.objects.bulk_create(made)
    for key, (came, left) in sorted(touched.items()):
        changes = {"members_came": [None, came], "members_left": [None, left], "from_day": [None, starts.isoformat()]}
        audit.record(by, "subgroup.distributed", groups[key], changes)
    return len(moved)


def _end(row: SubgroupMember, starts: datetime.date) -> None:
    if row.starts >= starts:
        row.delete()
        return
    row.ends = starts - DAY
    row.save(update_fields=["ends"])
