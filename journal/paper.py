"""A gradebook as the paper journal has it: plain values that the page and the PDF draw (1.3 b, 7.2). Reads only.

The paper never says why a pupil was absent, whoever prints it; what is still ahead is not on it.
"""

import datetime
from collections import defaultdict
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from accounts.models import SchoolCard, SchoolClass, User
from eios.lib import russian
from journal import grid, rights, scales
from journal.books import period_shown, pupils_of, results_of
from journal.models import Absence, Gradebook, Lesson, Mark
from journal.periods import periods_of_class
from journal.timetables import planned

Code = Absence.Code
# The printed journal's codes (domain: УП, НП, ОТ, Б → Н; ОСВ → осв; a late coming leaves nothing).
PRINTED = {**dict.fromkeys(Absence.MISSED, "Н"), Code.LATE: "", Code.EXEMPT: "осв"}
Key = tuple[datetime.date, int]
MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
LESSON_HEADS = ("Число", "№", "Тема урока", "Что пройдено", "Домашнее задание")
REMARK_HEADS = ("Число", "О чём", "Замечание")


def content_of(gradebook: Gradebook, number: int | None, school: SchoolCard, date: datetime.date) -> dict:
    """The whole content of the period, 0 for the year; the same for everybody. Queries do not grow with the rows."""
    school_class = gradebook.school_class
    periods = periods_of_class(school_class)
    period = period_shown(school_class, periods, number, date)
    span = (period.starts, min(period.ends, max(date, period.starts)))
    marks = list(Mark.objects.of_gradebook(gradebook, *span).order_by("date", "slot", "pupil", "place"))
    absences = list(Absence.objects.of_gradebook(gradebook, *span))
    lessons = _lessons(gradebook, span)
    pupils = pupils_of(gradebook, period, {one.pupil_id for one in (*marks, *absences)}, date)
    results, heads = results_of(gradebook, periods, [one.key for one in pupils])
    columns = _columns(lessons, marks, absences)
    return {
        **_heading(gradebook, school),
        "period": period.name, "period_number": period.number,
        "starts": russian.short_date(period.starts), "ends": russian.short_date(period.ends),
        "columns": columns,
        "heads": ["Средняя", "Пропусков", *(title for _, title in heads)],
        "pupils": _rows(pupils, columns, marks, absences, results, heads),
        "lessons": _written(gradebook, lessons, columns, period.starts),
        "has_topics": bool(lessons),
        "remarks": _remarks(lessons, marks, {one.key: one.name for one in pupils}),
        "totals": _totals(gradebook, period, lessons, len(marks), absences),
    }  # fmt: skip


def of_class(person: User, school_class: SchoolClass, date: datetime.date) -> list[Gradebook]:
    """Gradebooks of a class that the person may print."""
    return list(rights.gradebooks_seen(person, date).filter(school_class=school_class).listed())


def _heading(gradebook: Gradebook, school: SchoolCard) -> dict:
    loads = gradebook.loads.select_related("teacher").order_by("starts", "pk")
    teachers = list(dict.fromkeys(one.teacher.get_full_name() for one in loads))
    return {
        "number": gradebook.pk, "school": school.full_name, "class": gradebook.school_class.name,
        "year": str(gradebook.school_class.year), "subject": gradebook.subject.name,
        "subgroup": gradebook.subgroup.name if gradebook.subgroup_id else "", "teachers": teachers,
        "kept": gradebook.get_kept_display(), "scale": gradebook.get_scale_display(),
    }  # fmt: skip


def _lessons(gradebook: Gradebook, span: tuple) -> dict[Key, Lesson]:
    rows = Lesson.objects.of_gradebook(gradebook, *span).select_related("homework").order_by("date", "slot")
    rows = rows.prefetch_related(
        "works__kind", "homework__elements", "homework__outside_resources", "homework__courses", "homework__files__file"
    )
    return {(one.date, one.slot): one for one in rows}


# Columns and cells


def _columns(lessons: dict[Key, Lesson], marks: list[Mark], absences: list[Absence]) -> list[dict]:
    """A column for each work of a lesson, and for each further mark that was given at it."""
    places: dict[Key, set[int]] = defaultdict(lambda: {1})
    weights: dict[tuple, set] = defaultdict(set)
    works: dict[tuple, str] = {}
    for one in marks:
        places[one.date, one.slot].add(one.place)
        weights[one.date, one.slot, one.place].add(one.weight)
        works.setdefault((one.date, one.slot, one.place), one.work)
    for one in absences:
        places[one.date, one.slot].add(1)
    for key, lesson in lessons.items():
        for work in lesson.works.all():
            places[key].add(work.place)
            weights[*key, work.place] = {work.weight}
            works[*key, work.place] = work.kind.code if work.kind else ""
        places[key].add(1)
    return [
        _column(number, key, place, works.get((*key, place), ""), weights[*key, place])
        for number, key in enumerate(sorted(places)) for place in sorted(places[key])
    ]  # fmt: skip


def _column(lesson: int, key: Key, place: int, work: str, weights: set) -> dict:
    """`weight` is that of the whole column; where its marks have several, each says its own."""
    weight = _weight(next(iter(weights))) if len(weights) == 1 else ""
    date, slot = key
    return {
        "lesson": lesson, "date": russian.short_date(date), "month": MONTHS[date.month - 1],
        "day": f"{date:%d}", "slot": slot, "place": place, "work": work, "weight": weight,
    }  # fmt: skip


def _weight(weight: Decimal) -> str:
    """«×2»; a weight of one is not said."""
    return "" if weight == 1 else f"×{grid.weight_words(weight)}"


def _rows(pupils: list, columns: list[dict], marks: list[Mark], absences: list[Absence], results, heads) -> list[dict]:
    at = {(one["date"], one["slot"], one["place"]): number for number, one in enumerate(columns)}
    cells: dict[int, list[str]] = defaultdict(lambda: [""] * len(columns))
    numbers: dict[int, list] = defaultdict(list)
    missed: dict[int, int] = defaultdict(int)
    for one in marks:
        place = at[russian.short_date(one.date), one.slot, one.place]
        own = _weight(one.weight)
        cells[one.pupil_id][place] = one.value + (own if own != columns[place]["weight"] else "")
        if one.number is not None:
            numbers[one.pupil_id].append((one.number, one.weight))
    for one in absences:
        place = at[russian.short_date(one.date), one.slot, 1]
        missed[one.pupil_id] += one.code in Absence.MISSED
        words = [cells[one.pupil_id][place], PRINTED[one.code]]
        cells[one.pupil_id][place] = " ".join(filter(None, words))
    return [
        {
            "name": one.name, "note": one.note, "is_gone": one.is_gone, "cells": cells[one.key],
            "sums": [
                grid.average_words(scales.average(numbers[one.key])), str(missed[one.key] or ""),
                *(results.get((one.key, key), "") for key, _ in heads),
            ],
        }
        for one in pupils
    ]  # fmt: skip


# What was taught


def _written(gradebook: Gradebook, lessons: dict[Key, Lesson], columns: list[dict], starts: datetime.date) -> list:
    """Rows of the right-hand pages, one for each lesson of the columns; they are counted from the year's beginning."""
    if not lessons:
        return []
    before = Lesson.objects.filter(gradebook=gradebook, date__lt=starts).count()
    found = {(russian.short_date(date), slot): lesson for (date, slot), lesson in lessons.items()}
    keys = dict.fromkeys((one["date"], one["slot"]) for one in columns)
    return [_line(number, key[0], found.get(key)) for number, key in enumerate(keys, before + 1)]


def _line(number: int, date: str, lesson: Lesson | None) -> list[str]:
    if lesson is None:
        return [date, str(number), "", "", ""]
    way = "" if lesson.way == "in_person" else f" ({lesson.get_way_display()})"
    return [date, str(number), f"{lesson.subject_matter}{way}", lesson.done, _homework(lesson)]


def _homework(lesson: Lesson) -> str:
    row = getattr(lesson, "homework", None)
    if row is None:
        return ""
    linked = [str(one) for rows in (row.elements, row.outside_resources, row.courses) for one in rows.all()]
    files = [one.file.name for one in row.files.all()]
    return "; ".join(filter(None, [row.text, *linked, *files, f"к {russian.short_date(row.due)}" if row.due else ""]))


def _remarks(lessons: dict[Key, Lesson], marks: list[Mark], names: dict[int, str]) -> list[list[str]]:
    """(day, about whom, remark): of lessons, and of single marks."""
    found = [(key, "", one.remark) for key, one in lessons.items() if one.remark]
    found += [
        ((one.date, one.slot), f"{names[one.pupil_id]}, {one.value}", one.comment) for one in marks if one.comment
    ]
    return [[russian.short_date(key[0]), who, text] for key, who, text in sorted(found)]


def _totals(gradebook: Gradebook, period, lessons: dict[Key, Lesson], marks: int, absences: list[Absence]) -> list:
    asked = len(planned(gradebook.school_class.year, period.starts, period.ends, [gradebook.pk]))
    lines = [["Уроков по расписанию за период", str(asked)]] if asked else []
    if gradebook.programme_id:
        hours = gradebook.programme.topics.aggregate(total=Sum("hours"))["total"] or 0
        lines.append(["Часов по рабочей программе за год", f"{hours:f}".replace(".0", "").replace(".", ",")])
    if lessons:
        lines.append(["Уроков проведено", str(len(lessons))])
        lines.append(["Из них без записанной темы", str(sum(not one.subject_matter for one in lessons.values()))])
    missed = sum(one.code in Absence.MISSED for one in absences)
    return [*lines, ["Отметок поставлено", str(marks)], ["Уроков пропущено обучающимися", str(missed)]]


def foot_of(content: dict, made_at: datetime.datetime, sha256: str) -> str:
    """What stands below every page: the journal's number, when it was printed, the sum of what it says."""
    name = ", ".join(filter(None, [content["class"], content["subject"], content["subgroup"]]))
    day = timezone.localtime(made_at)
    return f"Журнал № {content['number']}: {name}. Напечатан {day:%d.%m.%Y %H:%M}. SHA-256 содержания: {sha256}"
