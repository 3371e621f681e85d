"""The yearly sheet of a class as plain values (7.3). Pure: what was read in, a dictionary out that JSON can keep.

Screen, print, XLSX and the archived PDF draw this and nothing else.
"""

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from journal.models.councils import ResultKind
from journal.models.sheets import SheetColumn
from journal.periods import Period

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII")
WORDS = {
    ResultKind.YEAR: ("год", "Годовая"),
    ResultKind.EXAM: ("экз.", "Экзамен"),
    ResultKind.FINAL: ("итог", "Итоговая"),
}
OF_EACH_ROW = (SheetColumn.MISSED_DAYS, SheetColumn.MISSED_LESSONS, SheetColumn.ILL_LESSONS)


@dataclass(frozen=True)
class Person:
    """A pupil of the class; `note` says since when or until when, where not the whole year."""

    key: int
    name: str
    note: str = ""


@dataclass(frozen=True)
class Source:
    """What the sheet is made of.

    `results` are (pupil, subject, kind, number, value); `absences` are (pupil, date, lessons missed, of them ill), at
    most one for a pupil's day; `signatures` are (who signs, the name or nothing).
    """

    heading: Mapping[str, str]
    rows: Sequence[str]
    columns: Sequence[str]
    subjects: Sequence[tuple[int, str, str]]
    periods: Sequence[Period]
    people: Sequence[Person]
    results: Sequence[tuple[int, int, str, int, str]] = ()
    absences: Sequence[tuple[int, datetime.date, int, int]] = ()
    behaviour: Mapping[int, str] = field(default_factory=dict)
    decisions: Mapping[int, str] = field(default_factory=dict)
    signatures: Sequence[tuple[str, str]] = ()


def build(source: Source) -> dict:
    """The content; every value is a word, and keys of pupils and subjects tell later what has changed."""
    rows = rows_of(source.rows, source.periods, source.results)
    # Counted columns first, then those of the whole pupil, whatever order they were chosen in.
    columns = [_column(code) for code in SheetColumn.values if code in source.columns]
    marks = {(pupil, subject, kind, number): value for pupil, subject, kind, number, value in source.results}
    missed = missed_of(source.absences, source.periods)
    return {
        **source.heading,
        "subjects": [{"key": key, "name": name, "short": short} for key, name, short in source.subjects],
        "rows": rows,
        "columns": columns,
        "pupils": [_pupil(one, source, rows, columns, marks, missed) for one in source.people],
        "signatures": [{"who": who, "name": name} for who, name in source.signatures],
    }


def rows_of(kinds: Iterable[str], periods: Sequence[Period], results: Iterable[tuple] = ()) -> list[dict]:
    """Sub-rows of a pupil: periods of the calendar and those that results name, then the year, the exam, the final."""
    names = {one.number: one.name for one in periods}
    for _, _, kind, number, _ in results:
        if kind == ResultKind.TERM:
            names.setdefault(number, f"{number}-й период")
    rows = []
    for kind in ResultKind:
        if kind not in kinds:
            continue
        if kind == ResultKind.TERM:
            rows += [_row(kind, number, roman(number), names[number]) for number in sorted(names)]
        else:
            rows.append(_row(kind, 0, *WORDS[kind]))
    return rows


def roman(number: int) -> str:
    return ROMAN[number] if number < len(ROMAN) else str(number)


def _row(kind: str, number: int, short: str, name: str) -> dict:
    return {"kind": str(kind), "number": number, "short": short, "name": name}


def _column(code: str) -> dict:
    column = SheetColumn(code)
    return {"code": column.value, "name": str(column.label), "each_row": column in OF_EACH_ROW}


def missed_of(absences: Iterable[tuple], periods: Sequence[Period]) -> dict[tuple[int, int], list[int]]:
    """(pupil, period, 0 for the whole year) → [days with missed lessons, lessons, of them ill]."""
    found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for pupil, date, lessons, ill in absences:
        places = [0, *(one.number for one in periods if one.holds(date))]
        for place in places:
            counts = found[pupil, place]
            counts[0] += 1
            counts[1] += lessons
            counts[2] += ill
    return found


def _pupil(person: Person, source: Source, rows: list, columns: list, marks: dict, missed: dict) -> dict:
    once = {SheetColumn.BEHAVIOUR: source.behaviour, SheetColumn.DECISION: source.decisions}
    places = [OF_EACH_ROW.index(one["code"]) for one in columns if one["each_row"]]
    return {
        "key": person.key,
        "name": person.name,
        "note": person.note,
        "cells": [
            [marks.get((person.key, subject, row["kind"], row["number"]), "") for subject, _, _ in source.subjects]
            for row in rows
        ],
        "each": [_missed(person.key, row, places, missed) for row in rows],
        "once": [once[SheetColumn(one["code"])].get(person.key, "") for one in columns if not one["each_row"]],
    }


def _missed(pupil: int, row: dict, places: list[int], missed: dict) -> list[str]:
    """Counted for periods and the year; an exam and a final mark have none. Nothing missed is an empty cell."""
    if row["kind"] not in (ResultKind.TERM, ResultKind.YEAR):
        return [""] * len(places)
    counts = missed.get((pupil, row["number"]), (0, 0, 0))
    return [str(counts[place] or "") for place in places]


def fingerprint(content: dict) -> str:
    """SHA-256 of the content in one canonical spelling, whatever the database did to the order of keys."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
