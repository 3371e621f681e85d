"""How a material of the portal is cited (12.1), and the line of its source on prints and in files. Pure."""

import datetime
import re
from dataclasses import dataclass

from eios.lib import russian

# ГОСТ Р 7.0.12-2011: short names of months stay whole.
MONTHS = ("янв.", "февр.", "марта", "апр.", "мая", "июня", "июля", "авг.", "сент.", "окт.", "нояб.", "дек.")
_SPACES = re.compile(r"\s+")
DASH = " \N{EN DASH} "


@dataclass(frozen=True)
class Site:
    """Where the material stands: the portal, whose it is, and the address of the page."""

    portal: str
    school: str
    address: str

    @property
    def in_record(self) -> str:
        """«ЭИОС школы №29 : [сайт] / МКОУ ООШ №29»; a portal named after the school does not say it twice."""
        portal, school = _plain(self.portal), _plain(self.school)
        responsible = "" if not school or school in portal else f" / {school}"
        return f"{portal} : [сайт]{responsible}"


@dataclass(frozen=True)
class Author:
    surname: str
    name: str = ""
    patronymic: str = ""

    @property
    def heading(self) -> str:
        """«Иванова, М. П.»"""
        letters = self._letters
        return f"{self.surname}, {letters}" if letters else self.surname

    @property
    def responsible(self) -> str:
        """«М. П. Иванова»"""
        return f"{self._letters} {self.surname}".strip()

    @property
    def _letters(self) -> str:
        return " ".join(f"{part[0]}." for part in (self.name, self.patronymic) if part)


def citation(
    site: Site, *, title: str, kind: str = "", author: Author | None = None,
    published: datetime.date | None = None, seen: datetime.date,
) -> str:  # fmt: skip
    """The record of a part of a site in the form of ГОСТ Р 7.0.100-2018, for the day on which it was seen."""
    words = [_plain(title)]
    if kind:
        words.append(f" : {_plain(kind)}")
    if author:
        words = [f"{_stopped(author.heading)} ", *words, f" / {author.responsible}"]
    areas = ["".join(words) + f" // {site.in_record}"]
    if published:
        areas += [str(published.year), f"{published.day} {MONTHS[published.month - 1]}"]
    areas += [f"URL: {site.address} (дата обращения: {russian.short_date(seen)})", "Текст : электронный"]
    return DASH.join(_stopped(area) for area in areas)


def source(site: Site, on: datetime.date, *, made: str = "") -> str:
    """«Источник: ЭИОС школы №29, МКОУ ООШ №29, https://…, 22.11.2026.»; of a file, with what was done on that day."""
    school = "" if site.school in site.portal else site.school
    place = ", ".join(filter(None, [site.portal, school, site.address]))
    day = russian.short_date(on)
    return f"Источник: {place}. {made} {day}." if made else f"Источник: {place}, {day}."


def _plain(text: str) -> str:
    """One line of words: areas of the record are told apart by their signs."""
    return _SPACES.sub(" ", text).strip().rstrip(".")


def _stopped(area: str) -> str:
    """Every area ends with one full stop, that of an abbreviation among them."""
    return area if area.endswith(".") else f"{area}."
