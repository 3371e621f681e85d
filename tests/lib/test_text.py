import pytest

from eios.lib.text import html_of, plain_of


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


def test_plain_words_of_markdown():
    markdown = "## Кто *входит*\n\nВсе & каждый:\n\n- раз\n- два <b>три</b>\n\n| а | б |\n|---|---|\n| в | г |"
    assert plain_of(markdown) == "Кто входит . Все & каждый: раз два <b>три</b> а б в г"
