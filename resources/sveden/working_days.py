"""Working days: Monday to Friday but for the holidays of resources/data/holidays.toml."""

import datetime
import functools
from pathlib import Path

from eios.lib.data_files import read_toml

FILE = Path(__file__).parent.parent / "data" / "holidays.toml"
DAY = datetime.timedelta(days=1)
SATURDAY = 5


@functools.cache
def _holidays() -> tuple[frozenset[str], frozenset[datetime.date]]:
    data = read_toml(FILE)
    return frozenset(data["yearly"]), frozenset(map(datetime.date.fromisoformat, data["moved"]["off"]))


def is_working(date: datetime.date) -> bool:
    yearly, moved = _holidays()
    return date.weekday() < SATURDAY and f"{date:%m-%d}" not in yearly and date not in moved


def before(date: datetime.date, days: int) -> datetime.date:
    """The day since which `days` working days have passed by the date; it is itself not counted."""
    while days:
        days -= is_working(date)
        date -= DAY
    return date
