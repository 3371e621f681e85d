"""The trail as people read it: who, when, from where, what, before → after, on what ground."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import Truncator, capfirst

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES
from accounts.models import AuditEntry

LONGEST_VALUE = 300
NOTHING = "—"
OTHERS = ("django.", "allauth.", "guardian.")
# Names of rows by model and key in text: {("accounts.user", "17"): «Иванова Мария Петровна»}.
Names = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Change:
    """One field; a hidden one is only said to have changed."""

    field: str
    before: str
    after: str
    is_hidden: bool = False

    @property
    def is_first(self) -> bool:
        """Nothing stood here before."""
        return self.before == NOTHING


@dataclass(frozen=True)
class Line:
    """One entry of the trail in words."""

    at: datetime.datetime
    who: str
    login: str
    address: str
    title: str
    object: str
    url: str
    changes: list[Change]
    basis: str


def of(obj: models.Model, most: int = 20) -> list[Line]:
    """The newest lines of the history of one object, for `accounts/_history.html`."""
    return lines(AuditEntry.objects.of(obj).select_related("actor")[:most])


def lines(entries: Iterable[AuditEntry]) -> list[Line]:
    """Entries in words; the names of all that they mention come by one query for each kind of object."""
    entries = list(entries)
    names = _names(_mentioned(entries))
    return [_line(entry, names) for entry in entries]


def model_of(label: str) -> type[models.Model] | None:
    """The model of an object's kind; None for a kind that this release does not know."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def kinds() -> list[tuple[str, str]]:
    """Kinds of objects that the portal itself writes about: [(label, name)], by name."""
    own = [model for model in apps.get_models() if not model.__module__.startswith(OTHERS)]
    return sorted(((model._meta.label_lower, str(model._meta.verbose_name)) for model in own), key=lambda kind: kind[1])


def _line(entry: AuditEntry, names: Names) -> Line:
    actor = entry.actor.get_full_name() if entry.actor else ""
    return Line(
        at=entry.at,
        who=actor or entry.actor_label,
        login=entry.actor_label if actor else "",
        address=entry.address or "",
        title=dict(AUDIT_TITLES.items()).get(entry.action, entry.action),
        object=_object_name(entry, names),
        url=_url(entry),
        changes=[_change(entry.object_type, field, pair, names) for field, pair in _pairs(entry)],
        basis=entry.basis,
    )


def _url(entry: AuditEntry) -> str:
    """The page of the object's history; a row that was tampered with may name no object at all."""
    try:
        return reverse("accounts:audit_history", args=[entry.object_type, entry.object_id])
    except NoReverseMatch:
        return ""


def _pairs(entry: AuditEntry) -> list[tuple]:
    return list(entry.changes.items()) if isinstance(entry.changes, dict) else []


def _object_name(entry: AuditEntry, names: Names) -> str:
    model = model_of(entry.object_type)
    kind = str(model._meta.verbose_name) if model else entry.object_type
    name = names.get((entry.object_type, entry.object_id))
    return f"{kind}: {name}" if name else f"{kind} №\N{NO-BREAK SPACE}{entry.object_id}"


def _change(label: str, name: str, pair, names: Names) -> Change:
    field = _field(label, name)
    title = capfirst(_title(field, name))
    if not isinstance(pair, list) or len(pair) != 2:
        return Change(title, "", "", is_hidden=True)
    before, after = (_value(field, value, names) for value in pair)
    return Change(title, before, after)


def _title(field: models.Field | None, name: str) -> str:
    return str(field.verbose_name) if field is not None else dict(AUDIT_FIELDS.items()).get(name, name)


def _field(label: str, name: str) -> models.Field | None:
    """The concrete field of the object's model, if there is one of this name."""
    model = model_of(label)
    try:
        field = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return field if field is not None and field.concrete else None


def _value(field: models.Field | None, value, names: Names) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or NOTHING
    if isinstance(value, dict):
        return (
            ", ".join(f"{_title(None, key)}: {_value(None, found, names)}" for key, found in value.items()) or NOTHING
        )
    if field is not None and field.is_relation:
        return names.get((field.related_model._meta.label_lower, str(value)), f"№\N{NO-BREAK SPACE}{value}")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return Truncator(_moment(field, str(value))).chars(LONGEST_VALUE)


def _moment(field: models.Field | None, text: str) -> str:
    """Dates and times as people write them; other text as it is."""
    try:
        if isinstance(field, models.DateTimeField) and (moment := parse_datetime(text)):
            return f"{timezone.localtime(moment) if timezone.is_aware(moment) else moment:%d.%m.%Y %H:%M}"
        if isinstance(field, models.DateField) and (date := parse_date(text)):
            return f"{date:%d.%m.%Y}"
    except ValueError:
        return text
    return text


def _mentioned(entries: list[AuditEntry]) -> dict[str, set[str]]:
    """Keys of all objects that the entries speak of, by model: the objects themselves and foreign keys changed."""
    found = defaultdict(set)
    for entry in entries:
        found[entry.object_type].add(entry.object_id)
        for name, pair in _pairs(entry):
            field = _field(entry.object_type, name)
            if field is not None and field.is_relation and isinstance(pair, list):
                found[field.related_model._meta.label_lower] |= {str(value) for value in pair if value is not None}
    return found


def _names(mentioned: dict[str, set[str]]) -> Names:
    names = {}
    for label, keys in mentioned.items():
        if model := model_of(label):
            rows = model._base_manager.select_related().filter(pk__in=_valid_keys(model, keys))
            names |= {(label, str(row.pk)): Truncator(str(row)).chars(LONGEST_VALUE) for row in rows}
    return names


def _valid_keys(model: type[models.Model], keys: set[str]) -> list:
    """Keys that can be asked of the database at all: a number too long for a column is not one."""
    found = []
    for key in keys:
        try:
            found.append(model._meta.pk.clean(key, None))
        except ValidationError:
            continue
    return found
