"""Loading files of marks in tests."""

import datetime
import io
import re
from pathlib import Path

import xlsxwriter

from accounts.actor import Actor
from accounts.batches.unpacking import Given
from accounts.models import ImportBatch
from journal.actions import imports as actions
from journal.importing.plan import plan_of
from journal.models import Absence, Gradebook, Mark, Result

SAMPLE = Path(__file__).parent.parent / "data" / "sgo_student_total.html"
SOURCE = "Сетевой город. Образование"
DATE = datetime.date(2026, 11, 26)


def load(files: list[Given], by: Actor, *, skip=("Разговоры о важном",), apply=True, despite=False) -> ImportBatch:
    batch = actions.take_files(files, source=SOURCE, by=by)
    actions.decide(batch, [("subject", "", name, "skip") for name in skip], by=by)
    if apply:
        plan = plan_of(batch, asker=by.person, date=DATE)
        actions.apply_batch(batch, seen=plan.mark, despite_errors=despite, by=by)
    batch.refresh_from_db()
    return batch


def whole_journal() -> list:
    """Every row of the journal, but for keys and batches: what undoing must bring back."""
    found = [sorted(Gradebook.objects.values_list("school_class", "subject", "kept", "mirrored_at"))]
    for model, fields in (
        (Mark, ("pupil", "gradebook__subject__name", "date", "slot", "place", "value", "number", "weight")),
        (Absence, ("pupil", "gradebook__subject__name", "date", "slot", "code")),
        (Result, ("pupil", "subject__name", "kind", "number", "value", "average")),
    ):
        found.append(sorted(map(str, model.objects.values_list(*fields))))
    return found


def xlsx(rows: list[list[str]]) -> bytes:
    """Numbers as numbers, as a spreadsheet would keep them."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                plain = text.replace(",", ".")
                if re.fullmatch(r"\d+(\.\d+)?", plain):
                    sheet.write_number(number, column, float(plain))
                elif text:
                    sheet.write_string(number, column, text)
    return buffer.getvalue()
