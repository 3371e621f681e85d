"""The look holds together: tags, the field template, readable colours, existing icons, pages of trouble, weight."""

import gzip
import re
import tomllib
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template
from django.urls import NoReverseMatch

from accounts.models import User

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PORTAL_CSS = (ROOT / "static/css/portal.css").read_text(encoding="utf-8")
VISION_CSS = (ROOT / "static/css/vision.css").read_text(encoding="utf-8")
SPRITE = (ROOT / "static/icons.svg").read_text(encoding="utf-8")
KB = 1024


def draw(source: str, **context) -> str:
    return Template(source).render(Context(context))


# Tags and filters


def test_options_are_escaped_and_grouped_and_the_chosen_one_is_marked():
    class Choosing(forms.Form):
        one = forms.ChoiceField(choices=[("", "Все"), (1, "<b>"), ("Группа", [("x", "y & z")])], required=False)
        many = forms.MultipleChoiceField(choices=[(1, "А"), (2, "Б")], required=False)

    form = Choosing({"one": "x", "many": ["1", "2"]})
    assert str(form["one"]) == (
        '<select name="one" id="id_one"><option value="">Все</option><option value="1">&lt;b&gt;</option>'
        '<optgroup label="Группа"><option value="x" selected>y &amp; z</option></optgroup></select>'
    )
    assert str(form["many"]).count(" selected>") == 2
    assert '<select name="many" id="id_many" multiple>' in str(form["many"])


def test_addresses_of_names_are_django_s_own():
    assert draw("{% url 'eios:cabinet' %}{% url name %}", name="eios:home") == "/cabinet//"
    loop = Template("{% for one in names %}{% url one %} {% endfor %}")
    assert loop.render(Context({"names": ["eios:home", "eios:cabinet"]})) == "/ /cabinet/ "
    assert draw("{% url 'eios:cabinet' as found %}{{ found }}{% url 'eios:nothing' as lost %}{{ lost }}") == "/cabinet/"
    with pytest.raises(NoReverseMatch):
        draw("{% url 'eios:nothing' %}")


@pytest.mark.parametrize(("number", "word"), [(1, "платформа"), (2, "платформы"), (5, "платформ"), (11, "платформ")])
def test_plural_takes_the_form_of_the_number(number, word):
    assert draw('{{ n|plural:"платформа,платформы,платформ" }}', n=number) == word


def test_initials_do_not_tear():
    person = User(surname="Иванова", name="Мария", patronymic="Петровна")
    assert draw("{{ person|initials }}", person=person) == "Иванова\xa0М.\xa0П."


def test_a_changed_filter_keeps_the_others_and_starts_at_page_one(rf):
    request = rf.get("/elements/?q=нэб&access=free&page=3")
    assert draw("{% filter_url component='normative' access='' %}", request=request) == (
        "?q=%D0%BD%D1%8D%D0%B1&amp;component=normative"
    )


def test_a_page_link_keeps_the_filters(rf):
    assert draw("{% filter_url page=2 %}", request=rf.get("/elements/?q=a&page=7")) == "?q=a&amp;page=2"


def test_page_numbers_leave_a_gap_for_what_is_far():
    numbers = draw("{% for n in pages|page_numbers:10 %}{{ n }} {% endfor %}", pages=Paginator(range(200), 10))
    assert numbers.split() == ["1", "None", "9", "10", "11", "None", "20"]


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 YaBrowser/24.1 Safari/537.36", "Яндекс Браузер, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox, Linux"),
        ("curl/8.0", "Неизвестное устройство"),
    ],
)  # fmt: skip
def test_devices_are_named_as_people_know_them(user_agent, name):
    assert draw("{{ agent|device_name }}", agent=user_agent) == name


# The one field template


class SampleForm(forms.Form):
    name = forms.CharField(label="Имя", help_text="Как в личном деле.")
    note = forms.CharField(label="Пояснение", required=False)


def test_a_field_ties_help_and_error_to_the_control():
    html = str(SampleForm({"name": ""}))
    assert '<label for="id_name">Имя</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_what_may_be_left_empty_says_so_by_word():
    html = str(SampleForm())
    assert html.count("необязательно") == 1
    assert 'Пояснение<span class="must">необязательно</span>' in html


# Colours


def tokens(css: str, selector: str) -> dict[str, str]:
    start = css.index(selector + " {")
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", css[start : css.index("}", start)]))


LIGHT = tokens(PORTAL_CSS, ":root")
MODES = {
    "light": LIGHT,
    "dark": LIGHT | tokens(PORTAL_CSS, '[data-theme="dark"]'),
    "auto, dark device": LIGHT | tokens(PORTAL_CSS, '[data-theme="auto"]'),
    **{
        name: LIGHT | tokens(VISION_CSS, f'[data-vision="low"][data-contrast="{name}"]')
        for name in ("black-white", "white-black", "blue")
    },
}
TEXT = [
    ("ink", "paper"), ("ink", "sheet"), ("ink", "hover"), ("blue", "paper"), ("blue", "sheet"), ("blue", "hover"),
    ("on-blue", "blue"), ("on-blue", "blue-deep"), ("blue-deep", "blue-wash"), ("ink", "blue-wash"),
    ("green", "green-wash"), ("ink", "green-wash"), ("amber", "amber-wash"), ("ink", "amber-wash"),
    ("red", "red-wash"), ("ink", "red-wash"), ("red", "sheet"), ("on-red", "red"),
]  # fmt: skip
SOFT = [("ink-soft", "paper"), ("ink-soft", "sheet"), ("ink-soft", "hover"), ("ink-soft", "blue-wash")]
EDGES = [("edge", "paper"), ("edge", "sheet"), ("edge", "hover"), ("blue", "paper"), ("red", "sheet")]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(mode: dict, pairs: list, least: float) -> list:
    return [pair for pair in pairs if contrast(mode[pair[0]], mode[pair[1]]) < least]


@pytest.mark.parametrize("name", MODES)
def test_text_and_edges_of_controls_can_be_seen(name):
    mode = MODES[name]
    # In low vision soft ink is ink.
    soft = SOFT if name in ("light", "dark", "auto, dark device") else []
    assert (too_weak(mode, TEXT + soft, 4.5), too_weak(mode, EDGES, 3)) == ([], [])


def test_a_dark_device_gives_the_dark_that_one_can_choose():
    assert MODES["auto, dark device"] == MODES["dark"]


# Templates


def icons_asked_for() -> set[str]:
    asked = {name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text(encoding="utf-8"))}
    asked |= {
        name for path in TEMPLATES for name in re.findall(r'icon_name="([\w-]+)"', path.read_text(encoding="utf-8"))
    }
    for path in (ROOT / "resources/data").glob("*.toml"):
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("element", [])
        asked |= {row["icon"] for row in rows if row.get("icon")}
    return asked


def test_every_icon_asked_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))
    assert sorted(icons_asked_for() - drawn) == []


INLINE = re.compile(
    r"""\sstyle=|\son(?:click|change|submit|load|input)=|<style\b|<script(?![^>]*(?:src=|application/json))"""
)


def test_no_template_carries_a_script_or_a_style():
    found = [str(path.relative_to(ROOT)) for path in TEMPLATES if INLINE.search(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize("status", ["400", "413", "429", "500", "503"])
def test_pages_of_trouble_need_no_database(status):
    html = get_template(f"{status}.html").render()
    assert '<html lang="ru"' in html
    assert f">{status}</p>" in html


# Weight


def packed(path: str) -> int:
    return len(gzip.compress((ROOT / "static" / path).read_bytes()))


def test_what_a_first_visit_brings_beside_the_page_is_light():
    fonts = sum(path.stat().st_size for path in (ROOT / "static/fonts").glob("*.woff2"))
    rest = sum(map(packed, ("css/portal.css", "js/portal.js", "icons.svg", "favicon.svg")))
    assert fonts + rest <= 65 * KB
