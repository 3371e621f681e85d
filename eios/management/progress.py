"""How long work shows itself on a terminal."""

import sys
from collections.abc import Callable

from eios.backup import Report


def megabytes(size: int) -> str:
    return f"{size / 1024**2:.1f}".replace(".", ",") + " МБ"


def progress(title: str, amount: Callable[[int], str] = megabytes) -> Report:
    """A line on the terminal that counts up to 100 % of an amount; silent when nobody is looking."""
    shown = -1

    def report(done: int, total: int) -> None:
        nonlocal shown
        percent = 100 * done // max(total, 1)
        if percent != shown and sys.stderr.isatty():
            shown = percent
            sys.stderr.write(f"\r{title}: {percent:3d} % из {amount(total)}" + ("\n" if percent == 100 else ""))

    return report
