"""How a material is cited (12.1): the record of ГОСТ Р 7.0.100-2018, and the line of the source."""

import datetime

import pytest

from eios.lib.citation import Author, Site, citation, source

SITE = Site("ЭИОС школы №29", "МКОУ ООШ №29", "https://eios.example/documents/2/")
SEEN = datetime.date(2026, 11, 22)
TAIL = "– URL: https://eios.example/documents/2/ (дата обращения: 22.11.2026). – Текст : электронный."


@pytest.mark.clause("12.1")
@pytest.mark.parametrize(
    ("values", "head"),
    [
        ({"title": "Устав"}, "Устав // "),
        ({"title": "Положение об ЭИОС", "kind": "положение"}, "Положение об ЭИОС : положение // "),
        ({"title": "  Две\n строки. ", "kind": "новость."}, "Две строки : новость // "),
        (
            {"title": "Алгебра. 7 класс", "kind": "программа", "author": Author("Иванова", "Мария", "Петровна")},
            "Иванова, М. П. Алгебра. 7 класс : программа / М. П. Иванова // ",
        ),
        ({"title": "Заметки", "author": Author("Ли")}, "Ли. Заметки / Ли // "),
    ],
)  # fmt: skip
def test_the_record(values, head):
    site = "ЭИОС школы №29 : [сайт] / МКОУ ООШ №29. "
    assert citation(SITE, seen=SEEN, **values) == head + site + TAIL


def test_the_day_of_publication_stands_before_the_address():
    for day, words in (
        (datetime.date(2026, 5, 9), "2026. – 9 мая. "),
        (datetime.date(2026, 11, 3), "2026. – 3 нояб. "),
    ):
        line = citation(SITE, title="Новость", published=day, seen=SEEN)
        assert line == f"Новость // ЭИОС школы №29 : [сайт] / МКОУ ООШ №29. – {words}{TAIL}"


def test_a_portal_named_after_the_school_does_not_say_it_twice():
    site = Site("ЭИОС МКОУ ООШ №29", "МКОУ ООШ №29", "https://eios.example/")
    assert "[сайт]. – URL" in citation(site, title="Устав", seen=SEEN)
    assert source(site, SEEN) == "Источник: ЭИОС МКОУ ООШ №29, https://eios.example/, 22.11.2026."


@pytest.mark.clause("12.1")
def test_the_source_of_a_print_and_of_a_file():
    assert source(SITE, SEEN) == (
        "Источник: ЭИОС школы №29, МКОУ ООШ №29, https://eios.example/documents/2/, 22.11.2026."
    )
    nowhere = Site(SITE.portal, SITE.school, "")
    assert source(nowhere, SEEN, made="Составлено") == (
        "Источник: ЭИОС школы №29, МКОУ ООШ №29. Составлено 22.11.2026."
    )
