"""Lists of this app as XLSX files; no password is in any of them."""

from collections.abc import Iterable

from accounts.exports import dated, source_line, workbook
from accounts.models import SchoolCard
from eios.lib import russian
from resources.credentials import Row
from resources.models import Element

CREDENTIALS_HEAD = [
    ("Фамилия, имя, отчество", 40),
    ("Кто", 34),
    ("Логин", 28),
    ("Откуда", 34),
    ("Выданы", 28),
    ("Действуют по", 14),
    ("Владелец открыл", 16),
    ("Состояние", 22),
    ("Почему прекращены", 40),
]


def credentials_list(element: Element, rows: Iterable[Row], school: SchoolCard) -> bytes:
    """Credentials of one element, with states; without passwords."""
    title = f"Учётные данные: {element.name}"
    return workbook(title, CREDENTIALS_HEAD, map(_credential_line, rows), source_line(school))


def _credential_line(row: Row) -> list[str]:
    one = row.credential
    return [
        str(one.person),
        row.who,
        one.login,
        one.get_source_display(),
        dated(one.issued_at, one.issued_by),
        russian.short_date(one.expires_on) if one.expires_on else "",
        dated(one.revealed_at),
        row.state.words,
        one.end_reason,
    ]
