"""Objects of the pages of the timetable, for the matrix of pages and people."""

from accounts.models import User
from journal.models import BellSchedule, DayChange, Gradebook, Room, Timetable, TimetableLine
from tests.factories import make_class, make_subject
from tests.journal.factories import make_gradebook, make_line, make_timetable

OF_EDITION = ("detail", "force", "remove", "export", "import")
OF_DAY = ("replace", "cancel", "move")


def timetable_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """An edition in force and a draft with a lesson of 8 «А», a room, the teacher's week; bells, a lesson put in on
    the first day of the year."""
    school_class = make_class(grade=8)
    year = school_class.year
    in_force = Timetable.objects.filter(year=year, state="in_force").first() or make_timetable(year)
    draft = Timetable.objects.filter(year=year, state="draft").first() or make_timetable(year, state="draft")
    line = TimetableLine.objects.filter(timetable=draft).first() or _line(draft, school_class, people["teacher"])
    room, _ = Room.objects.get_or_create(name="Матрица")
    bells, _ = BellSchedule.objects.get_or_create(year=year, name="Матрица")
    where = {"gradebook": line.gradebook, "date": year.starts, "number": 1}
    change, _ = DayChange.objects.get_or_create(**where, defaults={"kind": "added"})
    day = f"{year.starts:%Y-%m-%d}"
    of_day = {"one": {"pk": line.gradebook_id, "day": day, "number": 1}, "none": {}}
    of_edition = {"in_force": {"pk": in_force.pk}, "draft": {"pk": draft.pk}, "none": {}}
    of_class = {"draft": {"pk": draft.pk, "school_class": school_class.pk}, "none": {}}
    of_line = {"draft": {"pk": line.pk}, "none": {}}
    return {
        **{f"journal:timetable_{page}": of_edition for page in OF_EDITION},
        "journal:timetable_class": of_class,
        "journal:timetable_line_add": of_class,
        "journal:timetable_line_change": of_line,
        "journal:timetable_line_remove": of_line,
        "journal:timetable_of_class": {"class": {"pk": school_class.pk}, "none": {}},
        "journal:timetable_of_teacher": {"teacher": {"pk": people["teacher"].pk}, "none": {}},
        **dict.fromkeys(("journal:room_change", "journal:room_remove"), {"room": {"pk": room.pk}, "none": {}}),
        **dict.fromkeys(("journal:bell_change", "journal:bell_remove"), {"bells": {"pk": bells.pk}, "none": {}}),
        **{f"journal:change_{page}": of_day for page in OF_DAY},
        "journal:change_add": {"class": {"pk": school_class.pk, "day": day}, "none": {}},
        "journal:change_withdraw": {"one": {"pk": change.pk}, "none": {}},
        "journal:timetable_of_room": {"room": {"pk": room.pk}, "none": {}},
    }


def _line(draft: Timetable, school_class, teacher: User) -> TimetableLine:
    subject = make_subject("Предмет расписания")
    found = Gradebook.objects.filter(school_class=school_class, subject=subject).first()
    book = found or make_gradebook(school_class=school_class, subject=subject)
    return make_line(draft, book, teacher=teacher)
