"""The registry as XLSX and CSV, to be corrected in a spreadsheet and given back."""

import csv
import io
from collections.abc import Iterable

from accounts import exports
from accounts.models import SchoolCard
from resources.importing.columns import COLUMNS, cell_of
from resources.models import Element

CSV_TYPE = "text/csv; charset=utf-8"
# A spreadsheet knows by the mark that it is UTF-8.
MARK = "\ufeff"


def registry() -> Iterable[Element]:
    """Every element with its part, platforms first; in an order that reads well."""
    return Element.objects.select_related("parent").order_by("-kind", "order", "number", "slug")


def as_xlsx(elements: Iterable[Element], school: SchoolCard) -> bytes:
    head = [(column.title, column.width) for column in COLUMNS]
    return exports.workbook("Реестр элементов ЭИОС", head, map(_line, elements), exports.source_line(school))


def as_csv(elements: Iterable[Element]) -> bytes:
    """Semicolons and everything in quotes, as Russian spreadsheets expect it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.title for column in COLUMNS])
    writer.writerows(map(_line, elements))
    return (MARK + out.getvalue()).encode("utf-8", "replace")


def _line(element: Element) -> list[str | int]:
    return [cell_of(element, column) for column in COLUMNS]
