"""The technological passport against what the Regulation requires (5.8-5.10): figures, charts, rights. Reads only."""

from dataclasses import dataclass

from accounts.models import User
from eios.lib import russian
from resources import charts
from resources.models import TechnologySheet

ALL, WIFI = 100, 80
ON_CHART = 6


@dataclass(frozen=True)
class Figure:
    """One line of the passport: what there is, what is required, and whether it is met."""

    name: str
    clause: str
    has: str
    required: str
    is_met: bool
    percent: int

    @property
    def words(self) -> str:
        return "соответствует" if self.is_met else "не соответствует"

    @property
    def tag(self) -> str:
        return "ok" if self.is_met else "no"


def figures(sheet: TechnologySheet) -> list[Figure]:
    """The lines of the passport in the order of the clauses."""
    channel = f"{sheet.channel} Мбит/с, {'достаточно' if sheet.channel_is_enough else 'недостаточно'}"
    return [
        _of_computers("Компьютеры в локальной сети", sheet.in_network, sheet),
        _of_computers("Компьютеры с выходом в интернет", sheet.with_internet, sheet),
        _of_computers("Компьютеры с доступом к библиотекам и ресурсам", sheet.reaching_libraries, sheet),
        Figure(
            "Канал в интернет", "5.9", channel, "достаточно для всех участников", sheet.channel_is_enough,
            ALL if sheet.channel_is_enough else 0,
        ),
        Figure("Покрытие Wi-Fi", "5.10", f"{sheet.wifi} %", f"не менее {WIFI} %", sheet.wifi >= WIFI, sheet.wifi),
    ]  # fmt: skip


def _of_computers(name: str, count: int, sheet: TechnologySheet) -> Figure:
    # Rounded down: 100 % means every single one.
    percent = 100 * count // max(sheet.computers, 1)
    has = f"{count} из {sheet.computers} ({percent} %)"
    return Figure(name, "5.8", has, f"{ALL} %", count == sheet.computers, percent)


def unmet(sheet: TechnologySheet) -> int:
    return sum(not figure.is_met for figure in figures(sheet))


def verdict(sheet: TechnologySheet) -> str:
    """«соответствует» or «не выполнено 2 требования»."""
    count = unmet(sheet)
    if not count:
        return "все требования выполнены"
    return f"не выполнено: {count} {russian.plural(count, 'требование', 'требования', 'требований')}"


@dataclass(frozen=True)
class Row:
    """A passport in the list of them."""

    sheet: TechnologySheet
    figures: list[Figure]
    verdict: str
    is_met: bool


@dataclass(frozen=True)
class Series:
    """One figure by date, as a chart with the required value, and in words."""

    name: str
    chart: charts.Chart
    text: str


def rows() -> list[Row]:
    """Every passport, newest first, drafts among them."""
    sheets = TechnologySheet.objects.select_related("signed_by", "made_by").order_by("-date")
    return [Row(sheet, figures(sheet), verdict(sheet), not unmet(sheet)) for sheet in sheets]


def current(found: list[Row]) -> Row | None:
    """What the school stands by: the newest signed passport; without one, the newest draft."""
    return next((row for row in found if row.sheet.is_signed), found[0] if found else None)


def series(found: list[Row]) -> list[Series]:
    """Charts of the last signed passports, oldest first; none while there is nothing to compare."""
    signed = [row for row in found if row.sheet.is_signed][:ON_CHART][::-1]
    if len(signed) < 2:
        return []
    return [*(_percents(signed, number) for number in (0, 1, 2, 4)), _channels(signed)]


def _percents(signed: list[Row], number: int) -> Series:
    name = signed[0].figures[number].name
    line = WIFI if signed[0].figures[number].clause == "5.10" else ALL
    points = [
        charts.Column(figure.percent, f"{figure.percent} %", _day(row), is_bad=not figure.is_met)
        for row in signed
        for figure in [row.figures[number]]
    ]
    return Series(f"{name}, %", _drawn(points, ALL, line), _spoken(name, points, f"; требуется {line} %"))


def _channels(signed: list[Row]) -> Series:
    points = [
        charts.Column(row.sheet.channel, str(row.sheet.channel), _day(row), is_bad=not row.sheet.channel_is_enough)
        for row in signed
    ]
    name = "Скорость канала, Мбит/с"
    return Series(name, _drawn(points, max(point.value for point in points), None), _spoken(name, points, ""))


def _drawn(points: list[charts.Column], top: int, line: int | None) -> charts.Chart:
    return charts.columns(points, top=top, places=max(len(points), 4), width=44, gap=8, line=line)


def _spoken(name: str, points: list[charts.Column], tail: str) -> str:
    values = ", ".join(f"{point.label} — {point.text}" for point in points)
    return f"{name}: {values}{tail}."


def _day(row: Row) -> str:
    return f"{row.sheet.date:%d.%m.%y}"


def signs_as(person: User) -> str:
    """The position in which the person signs passports (second 5.8): the system administrator's, acting ones too; ""
    for others."""
    titles = [row.title for row in person.appointments_now if row.position.code == "system_administrator"]
    if titles:
        return titles[0]
    return "системный администратор" if person.is_system_administrator else ""
