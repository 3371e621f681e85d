"""Book numbers: what people type, and what is wrong with it in words."""

import pytest

from eios.lib import isbn


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("", ""),
        ("  ", ""),
        ("978-3-16-148410-0", "978-3-16-148410-0"),
        ("ISBN 978–3–16–148410–0", "978-3-16-148410-0"),
        ("isbn: 9783161484100", "9783161484100"),
        ("0-306-40615-2", "0-306-40615-2"),
        ("0-8044-2957-x", "0-8044-2957-X"),
        # The Cyrillic letter of the same look.
        ("0-8044-2957-Х", "0-8044-2957-X"),
    ],
)
def test_clean(typed, clean):
    assert isbn.clean(typed) == clean


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("978-3-16-148410-1", "стоит 1, а должна быть 0"),
        ("978-3-16-148401-0", "не перепутаны ли цифры"),
        ("0-306-40615-3", "стоит 3, а должна быть 2"),
        ("978-3-16-14841", "а здесь 11"),
        ("123-3-16-148410-0", "начинается с 978 или 979"),
        ("978-3-16-14841X-0", "только цифры и дефисы"),
        ("девять", "только цифры и дефисы"),
        ("٩٧٨٣١٦١٤٨٤١٠٠", "только цифры и дефисы"),
    ],
)
def test_what_is_wrong_is_said(typed, words):
    with pytest.raises(isbn.WrongIsbn, match=words):
        isbn.clean(typed)
