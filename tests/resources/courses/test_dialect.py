"""What a page may hold (1.6): drawn as its author meant, and nothing that runs or calls elsewhere."""

import sys

import html5lib
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import SchoolCard
from resources.actions.courses.players import load_players
from resources.courses.dialect.cleaning import ATTRIBUTES, TAGS, clean
from resources.courses.links import Links, Media
from resources.courses.players import origins
from resources.courses.rendering import render
from resources.models import EmbeddedPlayer
from tests.factories import make_course, make_employee, sign_in
from tests.resources.courses.evasions import EVASIONS

PLAYER = "https://rutube.ru/play/embed/"
LINKS = Links(
    media={
        "a.png": Media(
            "a.png", "/files/1/", "image/png", 1000, alt="Схема", credit="Фото школы", width=800, height=600,
            smaller=(("/files/2/", 480),),
        ),
        "bare.png": Media("bare.png", "/files/9/", "image/png", 1000),
        "v.mp4": Media("v.mp4", "/files/3/", "video/mp4", 24_000_000, seconds=200, subtitles="/files/4/"),
        "s.mp3": Media("s.mp3", "/files/5/", "audio/mpeg", 1_048_576, seconds=61),
        "list.pdf": Media("list.pdf", "/files/6/", "application/pdf", 2048, title="Карточки.pdf"),
    },
    pages={"0123456789ab": "/courses/1/2/"},
    players=(PLAYER,),
)  # fmt: skip
OWN = {"/files/1/", "/files/2/", "/files/3/", "/files/4/", "/files/5/", "/files/6/", "/files/9/"}


def drawn(text: str):
    return render(text, LINKS)


def test_pictures_sound_video_and_files_stand_with_their_captions():
    page = drawn("![Опыт](media/a.png)\n\n![Урок](media/v.mp4)\n\n![Речь](media/s.mp3)\n\n![Лист](media/list.pdf)").html
    assert '<img src="/files/1/" alt="Схема" width="800" height="600" loading="lazy"' in page
    assert 'srcset="/files/2/ 480w, /files/1/ 800w"' in page
    assert "Опыт. Фото школы" in page
    assert '<video src="/files/3/" controls="" preload="none"><track kind="subtitles"' in page
    assert "Видео, 3&nbsp;мин 20&nbsp;с, 22,9&nbsp;МБ" in page
    assert '<audio src="/files/5/"' in page
    assert '<a href="/files/6/">Лист</a>' in page
    assert drawn("![Опыт](media/a.png)").media == {"a.png"}


def test_formulas_become_mathml_and_a_broken_one_is_told():
    page = drawn(r"Дробь $\frac{1}{2}$ и корень" + "\n\n$$\n\\sqrt{x}\n$$")
    assert 'alttext="\\frac{1}{2}"' in page.html
    assert "<mfrac>" in page.html
    assert 'display="block"' in page.html
    broken = drawn(r"Раз" + "\n\n" + r"$\frac{1}{$")
    assert '<code class="broken">' in broken.html
    assert broken.problems == ("Строка 3: формула «\\frac{1}{» — не читается.",)


def test_a_question_tells_its_answer_at_once_but_not_to_a_search():
    page = drawn("::: вопрос\nДважды два?\n\n- [x] четыре\n- [ ] пять\n\nПотому что.\n:::")
    assert '<ul class="answers" data-right="0"><li>четыре</li>' in page.html
    assert "Верно: четыре.</p><p>Потому что.</p>" in page.html
    assert page.plain == "Дважды два? четыре пять"
    assert page.problems == ()
    assert "ни один ответ" in drawn("::: вопрос\n- [ ] а\n- [ ] б\n:::").problems[0]
    assert "нет ответов" in drawn("::: вопрос\nЧто?\n:::").problems[0]
    many = drawn("::: вопрос\nКакие?\n- [x] раз\n- [ ] два\n- [x] три\n:::").html
    assert 'data-right="0,2"' in many
    # A line without a mark is a wrong answer, numbers are no obstacle, hints in the explanation give nothing away.
    numbered = drawn(
        ":::: вопрос\nКакие?\n\n1. [x] раз\n2. два\n3. [х] три\n\n::: hint Почему\nнечётные\n:::\n\nтак\n::::"
    )
    assert '<ul class="answers" data-right="0,2"><li>раз</li>\n<li>два</li>\n<li>три</li>\n</ul>' in numbered.html
    assert numbered.plain == "Какие? раз два три"
    assert "второй список" in drawn("::: вопрос\n- [x] раз\n\nи\n\n- [x] два\n:::").problems[0]
    assert "<li>[x] дело</li>" in drawn("- [x] дело\n").html
    assert drawn("::: совет\nтак\n:::").problems[0].startswith("Строка 1: «:::» здесь лишнее")


def test_words_are_those_of_the_author():
    page = drawn("Слово[^1] $x$\n\n![Опыт](media/v.mp4)\n\n::: hint Вспомните\nправило\n:::\n\n[^1]: сноска")
    assert page.plain == "Слово Опыт. Вспомните правило сноска"
    assert page.words == 5


def test_hints_notes_tables_headings_and_links():
    page = drawn(
        "# Тема\n\n##### Мелко\n\n::: hint Вспомните\nправило\n:::\n\nСлово[^1] и [стр](page/0123456789ab), "
        "https://ya.ru/a.\n\n[^1]: сноска\n\n| x | y |\n|---|---|\n| 1 | 2 |"
    ).html
    assert '<h2 id="h1">Тема</h2>' in page
    assert '<h4 id="h2">Мелко</h4>' in page
    assert '<details class="hint"><summary>Вспомните</summary>' in page
    assert '<a href="#fn1" id="ref1"' in page
    assert '<a href="/courses/1/2/">стр</a>' in page
    assert '<a href="https://ya.ru/a" rel="noopener noreferrer">https://ya.ru/a</a>.' in page
    assert '<div class="table-wrap" role="region"' in page
    assert '<td class="num">1</td>' in drawn("| x |\n|--:|\n| 1 |").html
    assert 'id="p7-fn1"' in render("Слово[^1]\n\n[^1]: сноска", LINKS, prefix="p7-").html


def test_a_player_of_the_list_waits_for_a_click_and_others_stay_links():
    assert f'<div class="player" data-player="{PLAYER}abc"><a' in drawn(f"{PLAYER}abc").html
    for other in ("https://evil.example/play/embed/1", f"Смотри {PLAYER}abc", "https://rutube.ru.evil.example/play/"):
        assert "data-player" not in drawn(other).html
    assert "data-player" not in drawn(f"{PLAYER}../../video/1").html
    long = "https://vkvideo.ru/video_ext.php?oid=-2_1&id=45_6_7&hd=2"
    film = render(f"До\n\n{long}\n", Links(players=("https://vkvideo.ru/video_ext.php?",))).html
    assert f'data-player="{long.replace("&", "&amp;")}"' in film


def test_players_are_listed_by_a_beginning_that_lets_in_nothing_else(db):
    assert load_players(by=Actor.command("tests")) == 3
    assert load_players(by=Actor.command("tests")) == 0
    for prefix in ("http://a.ru/embed/", "https://a.ru", "https://a.ru/", "https://a.ru/embed", "https://x@a.ru/e/"):
        with pytest.raises(ValidationError):
            EmbeddedPlayer(name="Х", prefix=prefix).full_clean()
    assert origins() == ["https://dzen.ru", "https://rutube.ru", "https://vkvideo.ru"]


@pytest.mark.django_db
def test_pages_may_frame_the_players_they_name_and_no_others(client, site):
    load_players(by=Actor.command("tests"))
    author = make_employee()
    course = make_course(author, closure=0, pages=("С видео", "Без видео"), published=True)
    first, second = course.release.parts.filter(kind="page")
    first.html = drawn(f"{PLAYER}1").html
    first.save()
    SchoolCard.touch_public()

    def framed(path: str, **headers) -> tuple[int, list[str]]:
        answer = client.get(path, headers=headers)
        policy = answer.headers["Content-Security-Policy"]
        return answer.status_code, [part for part in policy.split("; ") if part.startswith("frame-src")]

    allowed = ["frame-src https://dzen.ru https://rutube.ru https://vkvideo.ru"]
    page = f"/courses/{course.pk}/{first.number}/"
    assert framed(page) == (200, allowed)
    # A browser takes the policy of «not modified» for the page that it kept.
    assert framed(page, if_none_match=client.get(page).headers["ETag"]) == (304, allowed)
    assert framed(f"/courses/{course.pk}/{second.number}/") == (200, [])
    sign_in(client, author)
    part = course.parts.get(title="С видео")
    course.state = "writing"
    course.save()
    assert framed(f"/courses/desk/{course.pk}/pages/{part.pk}/") == (200, allowed)
    part.text = f"{PLAYER}1"
    part.save()
    assert framed(reverse("resources:desk_course_read", args=[course.pk, part.pk])) == (200, allowed)


def test_what_is_wrong_is_named_with_its_line():
    page = drawn("Раз\n\n![x](media/net.png)\n\n[y](page/ffffffffffff)\n\n![z](https://evil.example/z.png)\n\n"
                 "![Без слов](media/bare.png)\n\n<iframe src=x>")  # fmt: skip
    lines = [problem.partition(":")[0] for problem in page.problems]
    assert lines == ["Строка 11", "Строка 3", "Строка 5", "Строка 7", "Строка 9"]
    assert "файла «net.png» в курсе нет" in page.problems[1]
    deep = "Раз\n\n" + "\n".join(f"{'  ' * depth}- {depth}" for depth in range(15))
    assert drawn(deep).problems == ("Строка 12: цитаты и списки вложены слишком глубоко, дальше не показано.",)
    assert drawn("\n".join(f"{'  ' * depth}- {depth}" for depth in range(8))).problems == ()


@pytest.mark.parametrize("evasion", EVASIONS)
def test_nothing_gets_around_the_filter(evasion):
    page = drawn(evasion)
    _assert_harmless(page.html)


@pytest.mark.parametrize("evasion", EVASIONS)
def test_nor_would_it_as_raw_html(evasion):
    """Were the parser to let HTML through, the allow-list alone must hold."""
    _assert_harmless(clean(evasion, own=OWN, plays=lambda address: address.startswith(PLAYER)))


def _assert_harmless(page: str) -> None:
    fragment = html5lib.parseFragment(page, treebuilder="etree", namespaceHTMLElements=False)
    for node in fragment.iter():
        if not isinstance(node.tag, str) or node.tag == "DOCUMENT_FRAGMENT":
            continue
        tag = node.tag.rpartition("}")[2]
        assert tag in TAGS
        allowed = ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"] | {"class"}
        for name, value in node.attrib.items():
            assert name.rpartition("}")[2] in allowed
            if name in ("src", "poster"):
                assert value in OWN
            if name == "srcset":
                assert {part.split()[0] for part in value.split(",")} <= OWN
            if name == "href":
                assert value.partition(":")[0] in ("http", "https", "mailto") or value.startswith(("#", "/")) \
                    or ":" not in value.partition("/")[0]  # fmt: skip
                assert not value.startswith("//")
            if name == "data-player":
                assert value.startswith(PLAYER)


@pytest.mark.parametrize(
    "rubbish",
    [">" * 10_000, "> " * 10_000 + "a", "- " * 10_000, "[" * 20_000, "![" * 20_000, "*a" * 30_000, "$" * 20_001,
     "`" * 50_000, "::: hint\n" * 5000, "|" * 20_000 + "\n" + "|-" * 9000, "[^1]" * 5000 + "\n\n[^1]: a", "<" * 100_000,
     "$" + "{" * 1900 + "$", "$" + r"\sqrt{" * 300 + "$", "\x00\x01\ud7ff\ufffe", "a\ud800b"],
    ids=lambda rubbish: f"{rubbish[:8]!r}",
)  # fmt: skip
def test_rubbish_is_drawn_without_an_error_and_not_much_longer_than_it_was(rubbish):
    page = drawn(rubbish)
    assert len(page.html) < 200 * len(rubbish) + 1000


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "*a", "**a ", "*_", "~~a", "`", "$x$ ", "a|b\n", "# a\n", "- [x] a\n", "> - ", "^[a", "[^1]: a\n\n",
     "&", "<a ", "http://a ", f"{PLAYER}a\n\n", "::: вопрос\n- [x] a\n:::\n\n", "![a](media/a.png)\n\n"],
)  # fmt: skip
def test_twice_the_text_costs_twice_the_work(piece):
    """Counted in calls, so that no clock decides; 200 000 letters, the most that a page holds, follow from it."""
    size = 4000 // len(piece)
    assert _calls(piece * size * 2) < 2.3 * _calls(piece * size)


def _calls(text: str) -> int:
    """Function calls that it takes to draw the text."""
    count = 0

    def note(frame, event, argument) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        render(text, LINKS)
    finally:
        sys.setprofile(None)
    return count
