"""Tables that people upload: read safely, whatever they are, and located, so that every error says where.

    rows = locate(read(data), layout).rows
    for row in rows:
        row.number, row.sheet, row.text("surname"), row.title("surname")

Whatever is wrong with the file is a TableError in Russian. `values` makes cells of every format alike.
"""

from eios.lib.tables.head import Heading, Layout, Row, Table, locate
from eios.lib.tables.reading import read
from eios.lib.tables.refusal import TableError
from eios.lib.tables.sheets import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Sheet

__all__ = [
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "Heading",
    "Layout",
    "Row",
    "Sheet",
    "Table",
    "TableError",
    "locate",
    "read",
]
