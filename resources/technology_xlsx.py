"""The technological passport as an XLSX file: every sheet by date."""

from collections.abc import Iterable

from accounts.exports import dated, source_line, workbook
from accounts.models import SchoolCard
from eios.lib import russian
from resources.technology import Row

TITLE = "Технологический паспорт: показатели по датам (пункты 5.8–5.10 Положения)"
HEAD = [
    ("На день", 12),
    ("Компьютеров", 14),
    ("В локальной сети", 18),
    ("С выходом в интернет", 22),
    ("С доступом к библиотекам и ресурсам", 36),
    ("Канал, Мбит/с", 14),
    ("Канала достаточно для всех", 26),
    ("Покрытие Wi-Fi, %", 18),
    ("Итог", 30),
    ("Серверы", 40),
    ("Примечания", 60),
    ("Подписан", 40),
]


def passports(rows: Iterable[Row], school: SchoolCard) -> bytes:
    return workbook(TITLE, HEAD, map(_line, rows), source_line(school))


def _line(row: Row) -> list[str | int]:
    sheet = row.sheet
    signed = dated(sheet.signed_at, sheet.signed_by) if sheet.is_signed else "не подписан"
    return [
        russian.short_date(sheet.date), sheet.computers, sheet.in_network, sheet.with_internet,
        sheet.reaching_libraries, sheet.channel, "да" if sheet.channel_is_enough else "нет", sheet.wifi,
        row.verdict, sheet.servers, sheet.notes, signed,
    ]  # fmt: skip
