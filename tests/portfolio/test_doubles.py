"""Entries that speak of the same thing: words that decide, whatever the group; versions are none."""

import datetime

import pytest

from portfolio import doubles
from portfolio.models import Achievement, title_key

DAY = datetime.date(2026, 10, 1)


def entry(pk: int, title: str, **fields) -> Achievement:
    values = {"pupil_id": 1, "date": DAY, "state": "confirmed", "title": title, "title_key": title_key(title)}
    return Achievement(pk=pk, **(values | fields))


@pytest.mark.clause("11.1", "11.3")
def test_doubles_are_told_by_pupil_day_and_title():
    own = entry(1, "Олимпиада «Ломоносов» по физике", state="submitted", subject_id=7, replaces_id=20)
    same = [
        entry(2, "олимпиада Ломоносов  по физике", origin="record"),
        entry(3, "Олимпиада Ломоносов", origin="staff"),
        entry(4, "Всероссийская олимпиада «Ломоносов» по физике", state="submitted", subject_id=7),
    ]
    others = [
        entry(10, "Олимпиада «Ломоносов» по химии", subject_id=8),
        entry(11, "Олимпиада"),
        entry(12, "Конкурс чтецов"),
        entry(13, own.title, date=DAY + datetime.timedelta(days=1)),
        entry(14, own.title, pupil_id=2),
        entry(15, own.title, state="draft"),
        entry(16, own.title, state="returned"),
        entry(17, own.title, state="replaced"),
        entry(20, own.title),
        entry(21, own.title, replaces_id=1, state="submitted"),
        own,
    ]
    found = doubles.of_each([own], [*others, *reversed(same)])
    assert [(one.entry.pk, one.is_same) for one in found[1]] == [(2, True), (3, False), (4, False)]
    symbols = [entry(5, "!!!"), entry(6, "???")]
    assert [one.entry.pk for one in doubles.of_one(symbols[0], symbols)] == []
