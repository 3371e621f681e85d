"""Tables of results: a pupil's final marks (subjects × periods), a class's results of a period (pupils × subjects)."""

from collections.abc import Sequence

from eios.lib.tables import Sheet, values
from journal.importing import words
from journal.importing.importers.base import (
    NUMBER_HEADS,
    PUPIL,
    SUBJECT,
    Importer,
    begin,
    head_of,
    once,
    texts,
    where,
)
from journal.importing.items import Outcome, Reading

# Columns of a class table that are no subjects.
_OTHER = (
    "средн",
    "ср.",
    "ср ",
    "качеств",
    "успеваем",
    "пропущ",
    "количество",
    "итого",
    "поведение",
    "дата",
    "класс",
    "примеч",
)


class FinalMarks(Importer):
    """«Итоговые отметки» of a pupil: №, subject, periods, year, exam, final."""

    code, title = "final_marks", "Итоговые отметки ученика"
    looks = "строка «Ученик: …», столбец «Предмет», периоды, «Год», «Экзамен», «Итог»"

    def recognises(self, sheets: Sequence[Sheet], said: dict) -> bool:
        head = head_of(sheets, SUBJECT, said)
        return head is not None and bool(_periods(texts(head.sheet.lines[head.line][1]), head.column))

    def read(self, sheets: Sequence[Sheet], said: dict) -> Reading:
        head = head_of(sheets, SUBJECT, said)
        reading, labels = begin(self, sheets, head, said)
        periods = _periods(texts(head.sheet.lines[head.line][1]), head.column)
        reading.periods = list(dict.fromkeys(periods.values()))
        reading.pupils = [labels["ученик"]] if labels["ученик"] else []
        if not reading.pupils:
            reading.asks.append("pupil")
        for number, cells in once(reading, head, 1):
            subject = values.text(cells[head.column])
            reading.subjects.append(subject)
            for column, (kind, of) in periods.items():
                if column < len(cells) and (text := values.text(cells[column])):
                    reading.outcomes.append(
                        Outcome(labels["ученик"], subject, kind, of, text, "", where(number, column))
                    )
        return reading


def _periods(heads: list[str], after: int) -> dict[int, tuple[str, int]]:
    found = {}
    for column, text in enumerate(heads):
        if column > after and text and (period := words.period_of(text)):
            found[column] = period
    return found


class ClassResults(Importer):
    """A class's results of one period: pupils × subjects."""

    code, title = "class_results", "Отметки класса за период"
    looks = "строка «Класс: …», столбец «ФИО», дальше названия предметов"

    def recognises(self, sheets: Sequence[Sheet], said: dict) -> bool:
        head = head_of(sheets, PUPIL, said)
        return head is not None and bool(_subjects(texts(head.sheet.lines[head.line][1]), head.column))

    def read(self, sheets: Sequence[Sheet], said: dict) -> Reading:
        head = head_of(sheets, PUPIL, said)
        reading, labels = begin(self, sheets, head, said)
        subjects = _subjects(texts(head.sheet.lines[head.line][1]), head.column)
        period = words.period_of(labels["учебный период"]) if labels["учебный период"] else None
        reading.asks += ["class"] * (not labels["класс"]) + ["period"] * (period is None)
        reading.periods = [period] if period else []
        reading.subjects = list(dict.fromkeys(subjects.values()))
        for number, cells in once(reading, head, 1):
            pupil = values.text(cells[head.column])
            reading.pupils.append(pupil)
            for column, subject in subjects.items():
                text = values.text(cells[column]) if column < len(cells) else ""
                if text and period:
                    reading.outcomes.append(Outcome(pupil, subject, *period, text, "", where(number, column)))
        return reading


def _subjects(heads: list[str], after: int) -> dict[int, str]:
    found = {}
    for column, text in enumerate(heads):
        folded = text.casefold()
        if column > after and text and folded not in NUMBER_HEADS and not folded.startswith(_OTHER):
            found[column] = text
    return found
