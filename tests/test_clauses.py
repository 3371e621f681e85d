"""Marks of clauses name clauses of the Regulation, and the page made of them is fresh."""

import ast

import pytest

from tests import clauses


def test_marks_name_clauses_that_exist():
    assert {number for number in clauses.proofs() if number not in clauses.CLAUSES} == set()


def test_the_page_of_proofs_is_fresh():
    """Write it anew with `python -m tests.clauses`."""
    assert clauses.PAGE.read_text(encoding="utf-8") == clauses.page()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('@pytest.mark.clause("6.4")\ndef test_a(): ...', [("test_a", "6.4")]),
        (
            '@pytest.mark.clause("6.4")\n@mark.clause("1.3 d")\ndef test_a(): ...',
            [("test_a", "6.4"), ("test_a", "1.3 d")],
        ),
        ('pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.2")]\ndef test_a(): ...', [("test_a", "5.2")]),
        ('@pytest.mark.clause("6.4")\ndef build(): ...', []),
        ("@pytest.mark.browser\ndef test_a(): ...", []),
    ],
)
def test_marks_are_read(source, expected):
    assert list(clauses._marks(ast.parse(source))) == expected
