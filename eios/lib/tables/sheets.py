"""A sheet as it was read, before anybody knows what stands in it; and how much is read at most."""

from dataclasses import dataclass

from eios.lib.tables.refusal import TableError

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 10_000, 200, 4000
# Titles, heads and notes stand beside the rows of data.
MOST_LINES = MOST_ROWS + 100
MOST_SHEETS = 60
# Letters of all cells together, and bytes of the file itself.
MOST_LETTERS, MOST_BYTES = 20_000_000, 20 * 1024 * 1024


@dataclass(frozen=True)
class Sheet:
    """`lines`: (number of the row as the person sees it, values). Values are text, numbers, dates, times or None;
    a cell that a merged one covers is None."""

    name: str
    lines: list[tuple[int, list]]


def too_many_rows() -> TableError:
    return TableError(f"В таблице больше {_spaced(MOST_ROWS)} строк. Разделите её на несколько файлов.")


def too_many_columns() -> TableError:
    return TableError(f"В таблице больше {MOST_COLUMNS} столбцов. Удалите лишние и загрузите снова.")


def too_long_cell(row: int, column: int) -> TableError:
    return TableError(f"Ячейка {column_letters(column)}{row}: слишком длинный текст. Сократите его и загрузите снова.")


def column_letters(number: int) -> str:
    """1 → A, 27 → AA: how spreadsheets call their columns."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The other way round: AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")
