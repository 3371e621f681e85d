"""A million marks: this year goes on to its end, and years before it had the same classes, subjects and marks."""

from django.db import connection

from accounts.models import AcademicYear, SchoolClass
from eios.lib.dates import today, years_before
from journal.models import Absence, Gradebook, Mark

MARKS = 1_000_000
# The demo school has the marks of twelve weeks or so; copied twice, they make a pupil's year of some 280.
LATER = (84, 168)
YEAR = -364  # days: the same weekdays


def fill(marks: int = MARKS) -> int:
    """Copies within the database, which is hundreds of times faster than making rows. How many marks there are then."""
    year = AcademicYear.objects.on(today()).get()
    own = {model: _last_key(model) for model in (Mark, Absence)}
    for days in LATER:
        for model, last in own.items():
            _copy(model, year, year, days, last)
    own = {model: _last_key(model) for model in (Mark, Absence)}
    back = 0
    while Mark.objects.count() < marks:
        back += 1
        past = _past(year, back)
        for model, last in own.items():
            _copy(model, year, past, YEAR * back, last)
    return Mark.objects.count()


def _last_key(model) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _past(year: AcademicYear, back: int) -> AcademicYear:
    """A former year with the same classes and gradebooks."""
    starts, ends = years_before(year.starts, back), years_before(year.ends, back)
    past, _ = AcademicYear.objects.get_or_create(starts=starts, defaults={"ends": ends})
    for one in SchoolClass.objects.filter(year=year):
        made, is_new = SchoolClass.objects.get_or_create(year=past, grade=one.grade, letter=one.letter)
        if is_new:
            books = Gradebook.objects.filter(school_class=one, subgroup=None)
            Gradebook.objects.bulk_create(
                Gradebook(school_class=made, subject_id=book.subject_id, kept=book.kept, scale=book.scale)
                for book in books
            )
    return past


def _copy(model, source: AcademicYear, target: AcademicYear, days: int, last: int) -> None:
    columns = [field.column for field in model._meta.concrete_fields]
    fields = [name for name in columns if name not in ("id", "gradebook_id", "date")]
    moved = "one.date + %s" if connection.vendor == "postgresql" else "date(one.date, %s || ' days')"
    table, book, school_class = (one._meta.db_table for one in (model, Gradebook, SchoolClass))
    sql = f"""
        INSERT INTO {table} (gradebook_id, date, {", ".join(fields)})
        SELECT there.id, {moved}, {", ".join(f"one.{name}" for name in fields)}
        FROM {table} AS one
        JOIN {book} AS here ON here.id = one.gradebook_id
        JOIN {school_class} AS own ON own.id = here.school_class_id AND own.year_id = %s
        JOIN {school_class} AS other ON other.year_id = %s AND other.grade = own.grade AND other.letter = own.letter
        JOIN {book} AS there ON there.school_class_id = other.id AND there.subject_id = here.subject_id
        WHERE one.id <= %s AND here.subgroup_id IS NULL AND there.subgroup_id IS NULL
    """  # noqa: S608 (names of our own tables and columns)
    with connection.cursor() as cursor:
        cursor.execute(sql.replace(" AS one", " AS one").replace("row.", "one."), [days, source.pk, target.pk, last])
