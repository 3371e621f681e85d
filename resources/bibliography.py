"""The bibliographic description of an edition, one line by ГОСТ Р 7.0.100-2018. Values in, words out."""

import datetime

from resources.models import LibraryEdition

DASH = ". — "


def describe(edition: LibraryEdition, on: datetime.date) -> str:
    """«Макарычев, Ю. Н. Алгебра : учебник / Ю. Н. Макарычев. — 16-е изд. — Москва : Просвещение, 2023. — 255 с. …»

    `on` is the day of the visit that an electronic edition names.
    """
    areas = [_title(edition), edition.statement, _imprint(edition), f"{edition.pages} с." if edition.pages else ""]
    areas.append(f"ISBN {edition.isbn}" if edition.isbn else "")
    if edition.copies or not edition.address:
        areas.append("Текст : непосредственный" if edition.copies else "Текст : электронный")
    else:
        areas += [f"URL: {edition.address} (дата обращения: {on:%d.%m.%Y})", "Текст : электронный"]
    line = DASH.join(_without_dot(area) for area in areas if area)
    head = f"{_with_dot(edition.author)} " if edition.author else ""
    return f"{head}{line}."


def _title(edition: LibraryEdition) -> str:
    title = " : ".join(filter(None, [edition.title, edition.subtitle]))
    return f"{title} / {edition.responsibility}" if edition.responsibility else title


def _imprint(edition: LibraryEdition) -> str:
    place = " : ".join(filter(None, [edition.place, edition.publisher]))
    return f"{place}, {edition.year}" if place else str(edition.year)


def _without_dot(area: str) -> str:
    """The sign between areas brings its own full stop: an area that ends with one does not double it."""
    return area.rstrip(". ")


def _with_dot(author: str) -> str:
    return author if author.endswith(".") else f"{author}."
