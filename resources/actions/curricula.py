"""The verbs of curricula (6.2): begin, fill, approve, copy."""

from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.models import AcademicYear, Order
from resources import curricula, study_data
from resources.actions import year_plans
from resources.curricula import Filling, NewRow
from resources.models import Curriculum, CurriculumGrade, CurriculumHours, CurriculumRow, StudyLevel, Subject

WEEKS, WEEKS_OF_FIRST = 34, 33


@transaction.atomic
def add_curriculum(curriculum: Curriculum, *, federal: bool, by: Actor) -> Curriculum:
    """A new draft: with the federal hours of its year, or empty. Audited.

    Raises ValidationError where there are no federal hours, or a subject of theirs is not in the list.
    """
    plan = study_data.federal_plan(curriculum.level, curriculum.year.starts.year) if federal else None
    if federal and plan is None:
        raise ValidationError("Федеральных часов на этот год в портале нет: начните с пустого плана.")
    curriculum.source = plan.source if plan else ""
    save_row(curriculum, by=by)
    weeks = plan.weeks if plan else [WEEKS_OF_FIRST if grade == 1 else WEEKS for grade in curriculum.grades]
    _write_weeks(curriculum, dict(zip(curriculum.grades, weeks, strict=True)))
    if plan:
        _write_federal(curriculum, plan)
    return curriculum


def _write_federal(curriculum: Curriculum, plan: study_data.FederalPlan) -> None:
    subjects = Subject.objects.in_bulk(plan.hours, field_name="name")
    missing = plan.hours.keys() - subjects.keys()
    if missing:
        raise ValidationError(f"Нет в перечне предметов: {', '.join(sorted(missing))}. Добавьте их и повторите.")
    rows = [NewRow(CurriculumRow.Part.OBLIGATORY, subjects[name], "", {}) for name in plan.hours]
    for row, hours in zip(rows, plan.hours.values(), strict=True):
        row.hours = {grade: Decimal(one) for grade, one in zip(curriculum.grades, hours, strict=True)}
    _write_rows(curriculum, rows)


@transaction.atomic
def load_federal_drafts(year: AcademicYear, *, by: Actor) -> int:
    """A draft of each level with the federal hours, where the year has no curriculum of the level yet."""
    added = 0
    for level in StudyLevel:
        if study_data.federal_plan(level, year.starts.year) and not year.curriculums.filter(level=level).exists():
            add_curriculum(Curriculum(year=year, level=level), federal=True, by=by)
            added += 1
    return added


@transaction.atomic
def fill_curriculum(curriculum: Curriculum, filling: Filling, *, version: int, by: Actor) -> Curriculum:
    """Saves the whole grid of a draft at once; over the limit it is saved too, for a draft may be.

    Effects: rows, cells, weeks; audit with each cell that changed. Raises ValidationError: approved, StalePlan, a row
    that stands in the plan twice; nothing is saved then.
    """
    row = year_plans.draft_of(curriculum, version)
    row.title, row.week, row.version = filling.title, filling.week, row.version + 1
    save_row(row, by=by)
    _write_weeks(row, filling.weeks)
    before = _snapshot(row)
    CurriculumRow.objects.filter(curriculum=row, pk__in=filling.removed).delete()
    _write_cells(row, filling.hours)
    _write_rows(row, filling.added)
    changes = audit.difference(before, after := _snapshot(row))
    changes |= {name: [words, None] for name, words in before.items() if name not in after}
    if changes:
        audit.record(by, "curriculum.filled", row, changes)
    return row


def _snapshot(curriculum: Curriculum) -> dict[str, str]:
    """Every cell in words: «Алгебра, 7 класс» → «3»."""
    return {
        f"{line.row.name} ({line.row.get_part_display()}), {cell.grade} класс": cell.words
        for line in curricula.lines_of(curriculum)
        for cell in line.cells
        if cell.hours
    }


def _write_weeks(curriculum: Curriculum, weeks: dict[int, int]) -> None:
    rows = [CurriculumGrade(curriculum=curriculum, grade=grade, weeks=number) for grade, number in weeks.items()]
    for row in rows:
        row.full_clean(validate_unique=False, validate_constraints=False)
    curriculum.weeks.all().delete()
    CurriculumGrade.objects.bulk_create(rows)


def _write_cells(curriculum: Curriculum, hours: dict[tuple[int, int], Decimal]) -> None:
    """Changes what differs; a cell that has become empty goes, with its form of attestation."""
    cells = {
        (one.row_id, one.grade): one for one in CurriculumHours.objects.filter(row__curriculum=curriculum)
    }  # fmt: skip
    own = set(curriculum.rows.values_list("pk", flat=True))
    wanted = {place: value for place, value in hours.items() if place[0] in own and place[1] in curriculum.grades}
    gone = [cells[place].pk for place, value in wanted.items() if not value and place in cells]
    changed = [place for place, value in wanted.items() if value and place in cells and cells[place].hours != value]
    new = [
        CurriculumHours(row_id=place[0], grade=place[1], hours=value)
        for place, value in wanted.items()
        if value and place not in cells
    ]
    for place in changed:
        cells[place].hours = wanted[place]
    for cell in [*new, *(cells[place] for place in changed)]:
        cell.clean_fields(exclude=["row"])
    CurriculumHours.objects.filter(pk__in=gone).delete()
    CurriculumHours.objects.bulk_update([cells[place] for place in changed], ["hours"])
    CurriculumHours.objects.bulk_create(new)


def _write_rows(curriculum: Curriculum, rows: Iterable[NewRow]) -> None:
    for one in rows:
        row = CurriculumRow(curriculum=curriculum, part=one.part, subject=one.subject, title=one.title)
        try:
            row.full_clean()
        except ValidationError as refusal:
            raise ValidationError(f"{row.name}: {' '.join(refusal.messages)}") from refusal
        row.save()
        cells = [CurriculumHours(row=row, grade=grade, hours=hours) for grade, hours in one.hours.items() if hours]
        for cell in cells:
            cell.clean_fields(exclude=["row"])
        CurriculumHours.objects.bulk_create(cells)


@transaction.atomic
def set_attestation(
    curriculum: Curriculum, forms: dict[tuple[int, int], str], *, version: int, by: Actor
) -> Curriculum:
    """Forms of interim attestation by (row, grade) of a draft. Audited. Raises ValidationError: approved, StalePlan."""
    row = year_plans.draft_of(curriculum, version)
    cells = CurriculumHours.objects.filter(row__curriculum=row).select_related("row__subject")
    changed, changes = [], {}
    for cell in cells:
        wanted = forms.get((cell.row_id, cell.grade), cell.attestation)
        if wanted != cell.attestation:
            changes[f"{cell.row.name}, {cell.grade} класс"] = [cell.attestation, wanted]
            cell.attestation = wanted
            cell.clean_fields(exclude=["row"])
            changed.append(cell)
    CurriculumHours.objects.bulk_update(changed, ["attestation"])
    row.version += 1
    row.save(update_fields=["version"])
    if changes:
        audit.record(by, "curriculum.filled", row, changes)
    return row


@transaction.atomic
def approve_curriculum(curriculum: Curriculum, *, order: Order, by: Actor) -> Curriculum:
    """Makes the draft the curriculum of its year and level; see `year_plans.approve`.

    Raises ValidationError: hours over the weekly limit, by grade and by how many; a grade without hours or weeks.
    """
    row = year_plans.draft_of(curriculum)
    return year_plans.approve(row, curricula.lacks_of(row, curricula.table_of(row)), order=order, by=by)


@transaction.atomic
def copy_curriculum(curriculum: Curriculum, *, year: AcademicYear, by: Actor) -> Curriculum:
    """A draft with the same rows, hours and forms: for a year. Audited."""
    copy = Curriculum(year=year, level=curriculum.level, title=curriculum.title, week=curriculum.week)
    copy.source = f"Копия плана {curriculum.year} учебного года"
    save_row(copy, by=by)
    _write_weeks(copy, {one.grade: one.weeks for one in curriculum.weeks.all()})
    old = list(curricula.with_cells(curriculum.pk))
    rows = [CurriculumRow(curriculum=copy, part=one.part, subject_id=one.subject_id, title=one.title) for one in old]
    CurriculumRow.objects.bulk_create(rows)
    CurriculumHours.objects.bulk_create(
        CurriculumHours(row=row, grade=cell.grade, hours=cell.hours, attestation=cell.attestation)
        for row, one in zip(rows, old, strict=True)
        for cell in one.hours.all()
    )
    return copy
