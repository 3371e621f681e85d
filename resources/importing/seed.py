"""Loading the registry from TOML: located rows → checks → a plan; the same plan is previewed and applied."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError

from eios.lib.data_files import read_toml
from resources.models import Element, Level

DATA = Path(__file__).parent.parent / "data"
ACCESS_WORDS = {
    "свободные": Element.OutsideAccess.FREE,
    "свободный": Element.OutsideAccess.FREE,
    "авторизованный": Element.OutsideAccess.AUTHORISED,
    "авторизованные": Element.OutsideAccess.AUTHORISED,
}
TEXT_FIELDS = ("name", "address", "purpose", "how_to_get_in", "procedure_url", "contact", "icon", "doubtful")
KNOWN_KEYS = {"slug", "number", "component", "access", "closure", "listed", "library_way", "keeping", *TEXT_FIELDS}


class RegistryFileError(Exception):
    """The file can't be read as a registry; the message says where and what to do."""


@dataclass(frozen=True)
class Row:
    """One element as the file has it; `place` is what a person looks for in the file."""

    place: str
    values: dict


@dataclass
class Plan:
    """What the import would do: new rows, changed ones with their fields, the same, and errors with their places."""

    new: list[Element] = field(default_factory=list)
    changed: list[tuple[Element, dict]] = field(default_factory=list)
    same: list[Element] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def read_elements(path: Path, kind: str) -> list[Row]:
    """Rows of a registry file. Raises RegistryFileError."""
    try:
        tables = read_toml(path).get("element", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RegistryFileError(f"{path.name}: файл не читается как TOML: {error}") from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RegistryFileError(f"{path.name}: ожидаются таблицы [[element]].")
    return [Row(f"{path.name}, элемент {n}", {**table, "kind": kind}) for n, table in enumerate(tables, 1)]


def plan(rows: list[Row]) -> Plan:
    """Compares the rows with the registry, two queries for any number of rows; writes nothing."""
    result = Plan()
    by_slug = {element.slug: element for element in Element.objects.all()}
    seen: dict[str, str] = {}
    for order, row in enumerate(rows, 1):
        try:
            values = _checked(row, order)
        except ValidationError as error:
            result.errors += [f"{row.place}: {message}" for message in error.messages]
            continue
        slug = values["slug"]
        if slug in seen:
            result.errors.append(f"{row.place}: адрес карточки «{slug}» уже был ({seen[slug]}).")
            continue
        seen[slug] = row.place
        _compare(result, by_slug.get(slug), values)
    return result


def _compare(result: Plan, known: Element | None, values: dict) -> None:
    if known is None:
        result.new.append(Element(**values))
        return
    changes = {name: [getattr(known, name), value] for name, value in values.items() if getattr(known, name) != value}
    if changes:
        result.changed.append((known, changes))
    else:
        result.same.append(known)


def _checked(row: Row, order: int) -> dict:
    """Clean values of an element. Raises ValidationError with Russian messages."""
    raw = row.values
    unknown = set(raw) - KNOWN_KEYS - {"kind"}
    if unknown:
        raise ValidationError(f"незнакомое поле: {', '.join(sorted(unknown))}.")
    access = str(raw.get("access", "авторизованный")).strip().casefold()
    if access not in ACCESS_WORDS:
        raise ValidationError(f"доступ «{raw['access']}»: ожидается «Свободные» или «Авторизованный».")
    values = {name: str(raw.get(name, "")).strip() for name in TEXT_FIELDS}
    values |= {
        "slug": str(raw.get("slug", "")),
        "number": raw.get("number"),
        "kind": raw["kind"],
        "component": raw.get("component", Element.Component.INFORMATIONAL),
        "outside_access": ACCESS_WORDS[access],
        "own_closure": raw.get("closure"),
        "is_listed": raw.get("listed", True),
        "library_way": raw.get("library_way", ""),
        "keeping": raw.get("keeping", Element.Keeping.KEPT),
        "order": order * 10,
    }
    Element(**values).clean_fields(exclude=["parent", "search", "closure_ground"])
    return values


def read_levels() -> list[Level]:
    """The six levels with their first names."""
    tables = read_toml(DATA / "levels.toml")["level"]
    return [Level(**table) for table in tables]
