"""The description of an edition by ГОСТ Р 7.0.100-2018, one line."""

import datetime

import pytest

from resources.bibliography import describe
from resources.models import LibraryEdition

DAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {
                "author": "Макарычев, Ю. Н.", "title": "Алгебра", "subtitle": "7-й класс : учебник",
                "responsibility": "Ю. Н. Макарычев, Н. Г. Миндюк [и др.]", "statement": "16-е изд., перераб.",
                "place": "Москва", "publisher": "Просвещение", "year": 2023, "pages": 256,
                "isbn": "978-3-16-148410-0", "copies": 30,
            },
            "Макарычев, Ю. Н. Алгебра : 7-й класс : учебник / Ю. Н. Макарычев, Н. Г. Миндюк [и др.]. — "
            "16-е изд., перераб. — Москва : Просвещение, 2023. — 256 с. — ISBN 978-3-16-148410-0. — "
            "Текст : непосредственный.",
        ),
        (
            {"title": "Толковый словарь", "year": 2006, "address": "https://rusneb.ru/1"},
            "Толковый словарь. — 2006. — URL: https://rusneb.ru/1 (дата обращения: 22.11.2026). — Текст : электронный.",
        ),
        ({"title": "Сказки", "author": "Пушкин, А. С", "year": 1999},
         "Пушкин, А. С. Сказки. — 1999. — Текст : электронный."),
    ],
)  # fmt: skip
def test_describe(fields, line):
    assert describe(LibraryEdition(**fields), DAY) == line
