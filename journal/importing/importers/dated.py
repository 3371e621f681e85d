"""Tables whose columns are days: a pupil's total report (rows are subjects), a class's page of a subject (pupils)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from eios.lib.tables import Sheet, values
from journal.importing import words
from journal.importing.importers.base import (
    PUPIL,
    SUBJECT,
    Head,
    Importer,
    begin,
    head_of,
    once,
    refuse,
    span_of_year,
    texts,
    where,
)
from journal.importing.items import Dated, Outcome, Reading

_AVERAGE = ("средн", "ср.", "ср ", "ср. балл", "средний")


@dataclass(frozen=True)
class Columns:
    """Columns of days → (month, day); of averages and results → (kind, number), or None where the head is silent."""

    days: dict[int, tuple[int, int]]
    averages: dict[int, tuple[str, int] | None]
    results: dict[int, tuple[str, int] | None]


def columns_of(head: Head) -> Columns:
    """Of a head of two lines: months over days; averages and results stand in the first line."""
    upper = texts(head.sheet.lines[head.line][1])
    lower = texts(head.sheet.lines[head.line + 1][1]) if head.line + 1 < len(head.sheet.lines) else []
    days, averages, results, month = {}, {}, {}, None
    for column in range(head.column + 1, max(len(upper), len(lower))):
        own = upper[column] if column < len(upper) else ""
        under = lower[column] if column < len(lower) else ""
        if own:
            month = words.month_of(own)
        folded = own.casefold()
        if month and under.isdecimal() and 1 <= int(under) <= 31:
            days[column] = month, int(under)
        elif folded.startswith(_AVERAGE):
            averages[column] = words.period_of(own)
        elif own and not month:
            kind = words.period_of(own)
            if kind is not None or folded.startswith("итог"):
                # «Итог.оценка 1 триместр» names the period; «Итог» alone is the final one.
                results[column] = kind
    return Columns(days, averages, results)


def _is_dated(head: Head | None) -> bool:
    return head is not None and bool(columns_of(head).days)


class _Days(Importer):
    """The common part; rows are of pupils or of subjects."""

    rows: str

    def recognises(self, sheets: Sequence[Sheet], said: dict) -> bool:
        return _is_dated(head_of(sheets, self.rows, said))

    def read(self, sheets: Sequence[Sheet], said: dict) -> Reading:
        head = head_of(sheets, self.rows, said)
        reading, labels = begin(self, sheets, head, said)
        columns = columns_of(head)
        fixed = words.period_of(labels["учебный период"]) if labels["учебный период"] else None
        dates = _dates(reading, head, columns)
        if dates and reading.starts is None:
            reading.starts, reading.ends = _months(reading.year, columns)
        elif reading.starts is None and reading.year:
            reading.starts, reading.ends = span_of_year(reading.year)
        places = {column: kind or fixed for column, kind in {**columns.averages, **columns.results}.items()}
        if any(kind is None for kind in places.values()):
            reading.asks.append("period")
        reading.periods = list(dict.fromkeys(kind for kind in places.values() if kind))
        self._name(reading, labels)
        for number, cells in once(reading, head, 2):
            name = values.text(cells[head.column])
            pupil, subject = self._whose(reading, labels, name)
            for column, date, slot in dates:
                if column < len(cells) and values.text(cells[column]):
                    self._cell(reading, pupil, subject, date, slot, number, column, cells[column])
            self._results(reading, pupil, subject, columns, places, number, cells)
        return reading

    def _name(self, reading: Reading, labels: dict[str, str]) -> None:
        raise NotImplementedError

    def _whose(self, reading: Reading, labels: dict[str, str], name: str) -> tuple[str, str]:
        raise NotImplementedError

    def _cell(self, reading, pupil, subject, date, slot, number, column, value) -> None:
        from_cell = where(number, column)
        try:
            marks, code = words.read_cell(value)
        except ValueError as error:
            refuse(reading, number, column, error)
            return
        if marks or code:
            reading.dated.append(Dated(pupil, subject, date, slot, tuple(marks), code, from_cell))

    def _results(self, reading, pupil, subject, columns: Columns, places, number, cells) -> None:
        """An average and a result of one period are one item."""
        found: dict[tuple[str, int], dict] = {}
        for column, key in places.items():
            text = values.text(cells[column]) if column < len(cells) else ""
            if key is None or not text:
                continue
            is_average = column in columns.averages
            try:
                text = words.read_average(cells[column]) if is_average else text
            except ValueError as error:
                refuse(reading, number, column, error)
                continue
            found.setdefault(key, {"column": column})["average" if is_average else "value"] = text
        for (kind, of), one in found.items():
            reading.outcomes.append(
                Outcome(
                    pupil, subject, kind, of, one.get("value", ""), one.get("average", ""),
                    where(number, one["column"]),
                )
            )  # fmt: skip


class StudentTotal(_Days):
    """«Отчёт об успеваемости и посещаемости ученика» of «Сетевой город»."""

    code, title = "student_total", "Отчёт об успеваемости и посещаемости ученика"
    looks = "строка «Ученик: …», столбец «Предмет», месяцы и дни"
    rows = SUBJECT

    def _name(self, reading: Reading, labels: dict[str, str]) -> None:
        if not labels["ученик"]:
            reading.asks.append("pupil")
        reading.pupils = [labels["ученик"]] if labels["ученик"] else []

    def _whose(self, reading: Reading, labels: dict[str, str], name: str) -> tuple[str, str]:
        if name not in reading.subjects:
            reading.subjects.append(name)
        return labels["ученик"], name


class ClassDates(_Days):
    """A class's page of one subject: pupils × days."""

    code, title = "class_dates", "Журнал класса по предмету"
    looks = "строки «Класс: …» и «Предмет: …», столбец «ФИО», месяцы и дни"
    rows = PUPIL

    def _name(self, reading: Reading, labels: dict[str, str]) -> None:
        reading.subjects = [labels["предмет"]] if labels["предмет"] else []
        reading.asks += [key for key, label in (("subject", "предмет"), ("class", "класс")) if not labels[label]]

    def _whose(self, reading: Reading, labels: dict[str, str], name: str) -> tuple[str, str]:
        reading.pupils.append(name)
        return name, labels["предмет"]


def _dates(reading: Reading, head: Head, columns: Columns) -> list[tuple[int, datetime.date, int]]:
    """(column, day, which lesson of that day); a day that the month does not have is told of and passed over."""
    found, seen = [], {}
    if not reading.year:
        return []
    line = head.sheet.lines[head.line + 1][0] if columns.days else 0
    for column, (month, day) in columns.days.items():
        try:
            date = words.day_of(reading.year, month, day)
        except ValueError:
            refuse(reading, line, column, ValueError(f"{day}.{month:02}: такого дня нет."))
            continue
        if reading.starts and not reading.starts <= date <= reading.ends:
            refuse(reading, line, column, ValueError(f"{date:%d.%m.%Y}: день вне периода отчёта."))
            continue
        seen[date] = seen.get(date, 0) + 1
        found.append((column, date, seen[date]))
    return found


def _months(year: int, columns: Columns) -> tuple[datetime.date, datetime.date]:
    """From the first day to the last that the head names."""
    days = []
    for month, day in columns.days.values():
        try:
            days.append(words.day_of(year, month, day))
        except ValueError:
            continue
    return min(days), max(days)
