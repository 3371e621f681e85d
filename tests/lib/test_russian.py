import datetime

import pytest

from eios.lib import russian


@pytest.mark.parametrize(
    ("number", "word"),
    [(0, "платформ"), (1, "платформа"), (2, "платформы"), (5, "платформ"), (11, "платформ"), (14, "платформ"),
     (21, "платформа"), (22, "платформы"), (111, "платформ"), (101, "платформа")],
)  # fmt: skip
def test_plural(number, word):
    assert russian.plural(number, "платформа", "платформы", "платформ") == word


def test_initials_and_dates():
    assert russian.initials("Иванова", "Мария", "Петровна") == "Иванова\xa0М.\xa0П."
    assert russian.initials("Ли", "Ван") == "Ли\xa0В."
    assert russian.long_date(datetime.date(2026, 11, 22)) == "22\xa0ноября 2026\xa0г."
    assert russian.weekday(datetime.date(2026, 11, 22)) == "воскресенье"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        (("Иванова", "Мария", "Петровна"), "ivanovamp"),
        (("Щербакова-Ёлкина", "Юлия"), "shcherbakovaelkinai"),
        (("—", "", ""), "user"),
    ],
)
def test_login_stem(name, stem):
    assert russian.login_stem(*name) == stem
