"""Queries that are asked all day, composed once a process: composing one costs several times as much as running it."""

import datetime
import functools
import inspect
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, F, Func, IntegerField, Model, QuerySet, Value
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler

LARGEST_KEY = 2**63 - 1  # databases refuse to be asked for a larger one
# Stand in a composed query for what each asking puts there; no row has them.
SOME_DAY, SOME_LATER_DAY = datetime.date(1111, 11, 11), datetime.date(1111, 11, 12)
SOME_MOMENT = datetime.datetime(1111, 11, 11, tzinfo=datetime.UTC)
SOME_WORD = "\x01"
OF_OLD = re.compile(r"1[01]\d\d-\d\d-\d\d")


def key(place: int) -> int:
    """A stand-in for a key."""
    return -1 - place


Keys, Days = tuple[int, ...], tuple[datetime.date, ...]
# What stands in a query: a key, a day, a moment, a word; for `Among`, several keys or days.
Parameter = int | datetime.date | datetime.datetime | str | Keys | Days


class Among(Func):
    """Is the field's value among these keys or days? As «in», but the query is the same however many they are.

    For composed queries alone: there the values are handed to the database as it takes them.
    """

    output_field = BooleanField()

    def __init__(self, field: str, values: Keys | Days):
        super().__init__(F(field), Value(values))
        self.array = "date[]" if isinstance(values[0], datetime.date) else "bigint[]"

    def as_postgresql(self, compiler, connection) -> tuple[str, list]:
        template = f"%(expressions)s AS {self.array}))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" = ANY(CAST(")

    def as_sqlite(self, compiler, connection) -> tuple[str, list]:
        values = " IN (SELECT value FROM json_each("
        return self.as_sql(compiler, connection, template="%(expressions)s))", arg_joiner=values)


class Composed:
    """A query of plain values, `compose(**stand-ins)`, asked again and again with other parameters.

    Stand-ins are all different. What depends on the values otherwise than as a parameter must not be in the query, but
    for what follows from `day`: `derived` makes it, of the stand-in and of every value alike.
    """

    def __init__(
        self,
        compose: Callable[..., QuerySet],
        derived: Sequence[Callable[[datetime.date], Parameter]] = (),
        **stand_ins: Parameter,
    ):
        self.compose, self.derived, self.stand_ins = compose, derived, stand_ins

    def rows(self, **values: Parameter) -> list[tuple]:
        """Values of the rows, as `values_list` gives them; none of a key that no row can have. One query."""
        if any(isinstance(one, int) and one > LARGEST_KEY for one in values.values()):
            return []
        query = self._query
        put = [_adapted(one) for one in self._in_order(values)]
        parameters = list(query.parameters)
        for at, place in query.places:
            parameters[at] = put[place]
        with connection.cursor() as cursor:
            cursor.execute(query.sql, parameters)
            rows = cursor.fetchall()
        if not query.converters:
            return rows
        return list(map(tuple, query.compiler.apply_converters(rows, query.converters)))

    def _in_order(self, values: dict[str, Parameter]) -> list[Parameter]:
        return [*(values[name] for name in self.stand_ins), *(make(values["day"]) for make in self.derived)]

    @functools.cached_property
    def _query(self) -> "_Query":
        compiler = self.compose(**self.stand_ins).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        stand_ins = [one if isinstance(one, tuple) else _adapted(one) for one in self._in_order(self.stand_ins)]
        place_of = {one: place for place, one in enumerate(stand_ins)}
        places = [(at, place_of[one]) for at, one in enumerate(parameters) if one in place_of]
        left = [one for one in parameters if one not in place_of and _is_of_old(one)]
        if left or len(place_of) < len(stand_ins):
            raise ValueError(f"stand-ins are alike, or {left} follow from them and are not among the derived ones")
        return _Query(compiler, sql, parameters, places, _converters(compiler))


@dataclass(frozen=True)
class _Query:
    """A composed query; `places` says which parameter is put in where."""

    compiler: SQLCompiler
    sql: str
    parameters: Sequence
    places: list[tuple[int, int]]
    converters: dict[int, tuple]


def _is_of_old(value: object) -> bool:
    """A day or a moment of the time of stand-ins."""
    return str(value) < "12" if isinstance(value, datetime.date) else bool(OF_OLD.match(str(value)))


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
_STAND_INS = {
    int: lambda place: 31_000 + place,
    datetime.date: lambda place: SOME_DAY + datetime.timedelta(place),
    Keys: lambda place: (31_000 + place,),
    Days: lambda place: (SOME_DAY + datetime.timedelta(place),),
}


def composed(compose: Callable[..., QuerySet]) -> Callable[..., list[tuple]]:
    """Makes of a function that gives a query of plain values one that gives its rows.

    Parameters are a key (annotated `int`), a day (`datetime.date`), several of them (`Keys`, `Days`), called in their
    places. Those after `*` are no parameters of the query: they have few values, and it is composed for each of them.
    """
    parameters = enumerate(inspect.signature(compose).parameters.values())
    stand_ins = {
        one.name: _STAND_INS[one.annotation](place) for place, one in parameters if one.kind is not one.KEYWORD_ONLY
    }

    @functools.cache
    def query(**fixed) -> Composed:
        return Composed(functools.partial(compose, **fixed), **stand_ins)

    @functools.wraps(compose)
    def rows(*values: Parameter, **fixed) -> list[tuple]:
        return query(**fixed).rows(**dict(zip(stand_ins, values, strict=True)))

    return rows


def _adapted(value: Parameter) -> object:
    """As the database's driver gets it: SQLite has days and moments as text, and several values as JSON."""
    if isinstance(value, tuple):
        found = list(map(_adapted, value))
        return found if connection.vendor == "postgresql" else json.dumps(found)
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, datetime.date) else value


class ComposedRows:
    """The same for rows of a model, each with its annotations and the rows that its foreign keys `related` refer to."""

    def __init__(self, compose: Callable[..., QuerySet], *related: str, **stand_ins: Parameter):
        self.related = related
        self.values = Composed(lambda **put: self._columns(compose(**put)), **stand_ins)
        self.model: type[Model] | None = None
        self.annotations: tuple[str, ...] = ()

    def rows(self, **values: Parameter) -> list:
        return [self._row(iter(row)) for row in self.values.rows(**values)]

    def _columns(self, rows: QuerySet) -> QuerySet:
        self.model, self.annotations = rows.model, tuple(rows.query.annotation_select)
        others = [f"{name}__{one}" for name in self.related for one in _names(_referred(rows.model, name))]
        return rows.values_list(*_names(rows.model), *self.annotations, *others)

    def _row(self, values: Iterator) -> Model:
        row = _taken(self.model, values)
        for name in self.annotations:
            setattr(row, name, next(values))
        for name in self.related:
            other = _taken(_referred(self.model, name), values)
            row._state.fields_cache[name] = other if getattr(row, f"{name}_id") is not None else None
        return row


def _taken(model: type[Model], values: Iterator) -> Model:
    """A row of the model out of as many values as it has fields."""
    names = _names(model)
    return model.from_db(DEFAULT_DB_ALIAS, names, tuple(islice(values, len(names))))


def _referred(model: type[Model], name: str) -> type[Model]:
    return model._meta.get_field(name).related_model


@functools.cache
def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
