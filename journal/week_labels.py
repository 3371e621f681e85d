"""Words beside a week's lessons: teachers, rooms, what a homework points at (2.2). Reads only."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.models import User
from eios.lib import russian
from journal.models import Homework, HomeworkFile, Room
from journal.week_days import Row, Task

# What a homework points at → (field that makes the address, field that names it).
POINTED = {"elements": ("slug", "name"), "outside_resources": ("pk", "title"), "courses": ("pk", "title")}


class Link(NamedTuple):
    """What a homework points at; `kind` says which icon stands there."""

    kind: str
    title: str
    url: str


def label(rows: Sequence[Row], tasks: Sequence[Task]) -> None:
    """Writes names into the rows and links into the tasks. One query for all of them."""
    names: dict[tuple[str, int], str] = {}
    links: dict[int, list[Link]] = defaultdict(list)
    for kind, pk, *words in _words(rows, {one.key for one in tasks}):
        if kind == "teacher":
            names[kind, pk] = russian.initials(*words)
        elif kind == "room":
            names[kind, pk] = _room(words[0])
        else:
            links[pk].append(Link(kind, words[0], _address(kind, words[1])))
    for row in rows:
        row.teacher_name = names.get(("teacher", row.teacher), "")
        row.room_name = names.get(("room", row.room), "")
    for task in tasks:
        task.links = sorted(links[task.key])


def _words(rows: Sequence[Row], keys: Collection[int]) -> QuerySet:
    """(kind, key of the person, the room or the homework, three words)."""
    people = User.objects.filter(pk__in={row.teacher for row in rows if row.teacher}).order_by()
    rooms = Room.objects.filter(pk__in={row.room for row in rows if row.room}).order_by()
    homework = Homework.objects.filter(pk__in=keys).order_by()
    files = HomeworkFile.objects.filter(homework__in=keys).order_by()
    pointed = [
        homework.filter(**{f"{kind}__isnull": False}).values_list(
            _text(kind), "pk", f"{kind}__{title}", Cast(f"{kind}__{key}", CharField()), _text("")
        )
        for kind, (key, title) in POINTED.items()
    ]  # fmt: skip
    return people.values_list(_text("teacher"), "pk", "surname", "name", "patronymic").union(
        rooms.values_list(_text("room"), "pk", "name", _text(""), _text("")),
        files.values_list(_text("file"), "homework", "file__name", Cast("file", CharField()), _text("")),
        *pointed, all=True,
    )  # fmt: skip


def _text(words: str) -> Value:
    return Value(words, CharField())


def _room(name: str) -> str:
    """«каб. 214», «Спортзал»"""
    return f"каб.\N{NO-BREAK SPACE}{name}" if name[:1].isdigit() else name


def _address(kind: str, key: str) -> str:
    page, value = {
        "file": ("accounts:file", uuid.UUID(key) if kind == "file" else key),
        "elements": ("resources:element_detail", key),
        "outside_resources": ("resources:library_resource_detail", key),
        "courses": ("resources:course_detail", key),
    }[kind]
    return reverse(page, args=[value])
