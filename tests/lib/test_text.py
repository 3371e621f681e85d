import pytest
from django.core.exceptions import ValidationError

from eios.lib.text import for_xml, html_of, lines_of, plain_of, validate_markdown


def test_markdown_becomes_html():
    assert html_of("## Права\n\n- *раз*\n- два") == "<h2>Права</h2>\n<ul>\n<li><em>раз</em></li>\n<li>два</li>\n</ul>\n"


@pytest.mark.parametrize(
    "attack",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "<img src=x onerror=alert(1)>", "[x](data:text/html,1)",
     "<a href='#' onclick='x()'>x</a>", "<iframe src=//e></iframe>", "[x](vbscript:x)", "<style>*{}</style>"],
)  # fmt: skip
def test_nothing_active_passes(attack):
    html = html_of(attack)
    assert not any(
        bad in html
        for bad in ("<script", "<img", "<iframe", "<style", 'href="javascript', 'href="data', 'href="vb', "<a onclick")
    )


def test_deep_nesting_does_not_break():
    assert html_of(">" * 10_000 + "x")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("<script>alert(1)</script>", 1), ("Раз\n< IFRAME src=//x>", 2), ("[слово](JavaScript:alert(1))", 1),
        ("Раз\n\nтри </form >", 3), ("Раз\n[слово]: <vbscript:x>", 2), ("[x](data:text/html,1)", 1),
    ],
)  # fmt: skip
def test_what_would_run_is_refused_with_its_line(words, line):
    with pytest.raises(ValidationError, match=f"^\\['Строка {line}: "):
        validate_markdown(words)


def test_ordinary_words_about_scripts_are_taken():
    validate_markdown("Кружок (JavaScript: основы), данные: вот. 2 < 3, формы <b>жирные</b>")


def test_a_feed_carries_no_character_that_xml_refuses():
    assert for_xml("а\x00\x0bб\tв\nг\ufffeд") == "аб\tв\nгд"


def test_plain_words_of_markdown():
    markdown = "## Кто *входит*\n\nВсе & каждый:\n\n- раз\n- два <b>три</b>\n\n| а | б |\n|---|---|\n| в | г |"
    assert plain_of(markdown) == "Кто входит . Все & каждый: раз два <b>три</b> а б в г"


def test_lines_for_paper_keep_headings_and_items():
    markdown = "## Цель\nУзнать &\nпонять\n\n- раз\n- два\n\n> цитата\n\n**Вывод** <b>да</b>"
    lines = [("Цель", True), ("Узнать & понять", False), ("• раз", False), ("• два", False), ("цитата", False)]
    assert lines_of(markdown)[:-1] == lines
    assert lines_of(markdown)[-1] == ("Вывод <b>да</b>", False)
    assert lines_of("") == []
