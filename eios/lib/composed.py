"""Queries that are asked all day, composed once a process: composing one costs several times as much as running it."""

import datetime
import functools
import inspect
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import IntegerField, Model, QuerySet, Value
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

LARGEST_KEY = 2**63 - 1  # databases refuse to be asked for a larger one
# Stand in a composed query for what each asking puts there; no row has them.
SOME_DAY, SOME_LATER_DAY = datetime.date(1111, 11, 11), datetime.date(1111, 11, 12)


def key(place: int) -> int:
    """A stand-in for a key."""
    return -1 - place


class Composed:
    """A query of plain values, `compose(**stand-ins)`, asked again and again with other parameters.

    Stand-ins are keys (int) and days (datetime.date), all of them different; what depends on the values in other ways
    than as a parameter must not be in the query.
    """

    def __init__(self, compose: Callable[..., QuerySet], **stand_ins: int | datetime.date):
        self.compose, self.stand_ins = compose, stand_ins

    def rows(self, **values: int | datetime.date) -> list[tuple]:
        """Values of the rows, as `values_list` gives them; none of a key that no row can have. One query."""
        if any(isinstance(one, int) and one > LARGEST_KEY for one in values.values()):
            return []
        compiler, sql, parameters, converters = self._composed
        put = {_adapted(self.stand_ins[name]): _adapted(value) for name, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(sql, [put.get(one, one) for one in parameters])
            rows = cursor.fetchall()
        return list(map(tuple, compiler.apply_converters(rows, converters))) if converters else rows

    @functools.cached_property
    def _composed(self) -> tuple:
        query = self.compose(**self.stand_ins).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        return compiler, sql, parameters, _converters(compiler)


def _converters(compiler: SQLCompiler) -> dict[int, tuple]:
    """What Django does to the values of a row, by column, found once.

    Whole numbers that the query itself names or casts to come whole from both databases: to make each of thousands
    whole again would take longer than to read them.
    """
    expressions = [one[0] for one in compiler.select[: compiler.col_count]]
    found = {}
    for place, (steps, expression) in compiler.get_converters(expressions).items():
        if isinstance(expression, Value | Cast) and isinstance(expression.output_field, IntegerField):
            steps = [one for one in steps if one is not expression.convert_value]  # noqa: PLW2901
        if steps:
            found[place] = (steps, expression)
    return found


# What stands for a value of each kind in a query that `composed` makes; fits columns of small numbers too.
_STAND_INS = {int: lambda place: 31_000 + place, datetime.date: lambda place: SOME_DAY + datetime.timedelta(place)}


def composed(compose: Callable[..., QuerySet]) -> Callable[..., list[tuple]]:
    """Makes of a function that gives a query of plain values one that gives its rows.

    Parameters are keys (annotated `int`) and days (`datetime.date`), called in their places. Those after `*` are no
    parameters of the query: they have few values, and the query is composed for each of them.
    """
    parameters = enumerate(inspect.signature(compose).parameters.values())
    stand_ins = {
        one.name: _STAND_INS[one.annotation](place) for place, one in parameters if one.kind is not one.KEYWORD_ONLY
    }

    @functools.cache
    def query(**fixed) -> Composed:
        return Composed(functools.partial(compose, **fixed), **stand_ins)

    @functools.wraps(compose)
    def rows(*values: int | datetime.date, **fixed) -> list[tuple]:
        return query(**fixed).rows(**dict(zip(stand_ins, values, strict=True)))

    return rows


def _adapted(value: int | datetime.date) -> object:
    """As the database's driver gets it: SQLite has days as text."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, datetime.date) else value


class ComposedRows:
    """The same for rows of a model, each with the rows that its foreign keys `related` refer to."""

    def __init__(self, compose: Callable[..., QuerySet], *related: str, **stand_ins: int | datetime.date):
        self.related = related
        self.values = Composed(lambda **put: self._columns(compose(**put)), **stand_ins)
        self.model: type[Model] | None = None

    def rows(self, **values: int | datetime.date) -> list:
        found = self.values.rows(**values)
        return [self._row(row) for row in found]

    def _columns(self, rows: QuerySet) -> QuerySet:
        self.model = rows.model
        own = _names(rows.model)
        others = [f"{name}__{one}" for name in self.related for one in _names(_referred(rows.model, name))]
        return rows.values_list(*own, *others)

    def _row(self, values: tuple) -> Model:
        names = _names(self.model)
        row, at = self.model.from_db(DEFAULT_DB_ALIAS, names, values[: len(names)]), len(names)
        for name in self.related:
            other = _referred(self.model, name)
            names = _names(other)
            piece = values[at : at + len(names)]
            at += len(names)
            is_there = getattr(row, f"{name}_id") is not None
            row._state.fields_cache[name] = other.from_db(DEFAULT_DB_ALIAS, names, piece) if is_there else None
        return row


def _referred(model: type[Model], name: str) -> type[Model]:
    return model._meta.get_field(name).related_model


@functools.cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
