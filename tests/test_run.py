"""The runner behind `make test`: what it counts and when it fails."""

import sys

import pytest

from tests import run


def stage(*lines: str, code: int = 0, **fields) -> run.Stage:
    """A stage whose command prints these lines and ends with this code."""
    program = f"import sys; print({chr(10).join(lines)!r}); sys.exit({code})"
    made = run.Stage("проба", [sys.executable, "-c", program], **fields)
    made.run()
    return made


@pytest.mark.parametrize(
    ("closing", "code", "counts"),
    [
        ("12 passed in 0.10s", 0, (12, 0, 0)),
        ("===== 3 failed, 9 passed, 2 skipped, 1 warning in 75.32s (0:01:15) =====", 1, (9, 3, 2)),
        ("1 passed, 2 errors in 1.00s", 1, (1, 2, 0)),
        ("no tests ran in 0.01s", 5, (0, 1, 0)),
        ("Found 3 errors.", 1, (0, 1, 0)),
        ("All checks passed!", 0, (0, 0, 0)),
    ],
)
def test_the_closing_line_is_counted(monkeypatch, closing, code, counts):
    monkeypatch.setattr(run, "IN_CI", False)

    made = stage("7 passed is what a test printed", closing, code=code)

    assert (made.passed, made.failed, made.skipped) == counts


@pytest.mark.parametrize(("in_ci", "failed"), [(False, 0), (True, 1)])
def test_a_skipped_test_fails_in_ci(monkeypatch, in_ci, failed):
    monkeypatch.setattr(run, "IN_CI", in_ci)

    assert stage("5 passed, 1 skipped in 0.10s").failed == failed


@pytest.mark.parametrize(("in_ci", "failed", "skipped"), [(False, 0, 1), (True, 1, 0)])
def test_a_stage_that_cannot_run_says_why_and_fails_in_ci(monkeypatch, capsys, in_ci, failed, skipped):
    monkeypatch.setattr(run, "IN_CI", in_ci)

    made = stage("1 passed in 0.10s", unavailable="нет Chromium")

    assert (made.passed, made.failed, made.skipped) == (0, failed, skipped)
    assert capsys.readouterr().out.endswith("пропущено: нет Chromium\n")


def test_the_last_line_sums_all_stages(monkeypatch, capsys):
    monkeypatch.setattr(run, "IN_CI", False)
    stages = [run.Stage(str(n), [sys.executable, "-c", f"print('{n} passed in 0.10s')"]) for n in (2, 3)]
    monkeypatch.setattr(run, "proofs", lambda: stages)

    code = run.main(["--proof"])

    assert code == 0
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 0 failed"
