import pytest

from eios.lib import search


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Рабочие программы по математике", "рабочих программ математики"),
        ("ёлка", "ЕЛКУ"),
        ("Национальная электронная библиотека (НЭБ)", "нэб"),
        ("рдш.рф", "РДШ.РФ"),
        ("Ёлкина Софья", "елкина"),
    ],
)
def test_a_query_finds_the_text(text, query):
    index = search.index(text)
    assert all(f" {search.stem(word)}" in index for word in search.words(query))


@pytest.mark.parametrize("query", ["", "   ", "!!!", "\x00", "%_'\"", "а" * 10_000])
def test_any_query_is_a_filter(query):
    assert search.matching(query) is not None


def test_yo_sorts_with_e_and_after_it():
    names = ["Жуков", "Ёлкин", "Елкин", "Егоров", "Ежов"]
    assert sorted(names, key=search.sort_key) == ["Егоров", "Ежов", "Елкин", "Ёлкин", "Жуков"]


def test_suggestion_is_the_nearest_known_word():
    assert search.suggestion("библиатека", ["библиотека", "сайт"]) == "библиотека"
    assert search.suggestion("zzzz", ["библиотека"]) == ""
