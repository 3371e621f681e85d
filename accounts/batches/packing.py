"""Rows of tables as JSON keeps them, for what a batch has replaced: packed before, brought back when it is undone."""

import functools
from typing import Any

from django.db import models


def packed(row: models.Model) -> dict[str, Any]:
    """All fields but the key."""
    return {name: _plain(field, row) for name, field in _fields(type(row)).items()}


def unpacked(model: type[models.Model], values: dict[str, Any], **fields: Any) -> models.Model:
    """The row again, not saved; `fields` are put beside, the key among them if it is to be the same."""
    known = _fields(model)
    return model(**{name: known[name].to_python(value) for name, value in values.items()}, **fields)


def _plain(field: models.Field, row: models.Model) -> Any:
    value = getattr(row, field.attname)
    return value if value is None or isinstance(value, int | str) else field.value_to_string(row)


@functools.cache
def _fields(model: type[models.Model]) -> dict[str, models.Field]:
    return {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
