"""Queries of busy pages, composed once in a process: composing one takes several times as long as running it."""

import datetime
import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

# What stands in a composed query for a value of each kind, by its place; nothing that a query would say by itself.
STAND_INS: dict[type, Callable[[int], object]] = {
    int: lambda place: 31_000 + place,
    str: lambda place: f"\x01{place}",
    datetime.date: lambda place: datetime.date(1, 1, 1 + place),
}


def composed(make: Callable[..., QuerySet]) -> Callable[..., list[tuple]]:
    """Makes of a function that gives a query set of `values_list` one that gives its rows.

    Whatever the function is called with takes the place of a stand-in, a value of the annotated kind (int, str or
    date; a key, not a row), so nothing in it may be worked out from its parameters. Those after `*` are the exception:
    they are few, and the query is composed for each of them. None stands for nothing and is not accepted.
    """
    parameters = inspect.signature(make).parameters.values()
    kinds = [one.annotation for one in parameters if one.kind is not one.KEYWORD_ONLY]
    stand_ins = [STAND_INS[kind](place) for place, kind in enumerate(kinds)]

    @functools.cache
    def statement(**fixed) -> Statement:
        return Statement.of(make(*stand_ins, **fixed))

    @functools.wraps(make)
    def rows(*values, **fixed) -> list[tuple]:
        return statement(**fixed).rows(dict(zip(stand_ins, values, strict=True)))

    return rows


@dataclass(frozen=True)
class Statement:
    """SQL, its parameters with stand-ins among them, and how a column is turned into what Python knows."""

    sql: str
    parameters: tuple
    converters: dict

    @classmethod
    def of(cls, found: QuerySet) -> "Statement":
        compiler = found.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        return cls(sql, parameters, compiler.get_converters([column for column, *_ in compiler.select]))

    def rows(self, values: dict) -> list[tuple]:
        """Answers with these values in the places of the stand-ins."""
        known = {_stored(stand_in): _stored(value) for stand_in, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [known.get(one, one) for one in self.parameters])
            found = cursor.fetchall()
        return [self._converted(row) for row in found] if self.converters else found

    def _converted(self, row: tuple) -> tuple:
        values = list(row)
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                values[place] = convert(values[place], column, connection)
        return tuple(values)


def _stored(value):
    """SQLite keeps dates as words."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, datetime.date) else value
