"""The table of access (access_table.txt) as values, and built in the database: all its rows at one school."""

import datetime
import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from allauth.mfa.models import Authenticator

from accounts.models import Acceptance, Block, SchoolCard, StoredFile, Training, User
from resources import reach
from resources.models import (
    Acquaintance,
    Condition,
    Edition,
    Element,
    ElementAdministrator,
    ElementFile,
    Privilege,
    TrainingElement,
)
from tests.factories import (
    LONG_AGO,
    make_class,
    make_document,
    make_edition,
    make_element,
    make_employee,
    make_parent,
    make_person,
    make_position,
    make_pupil,
    make_training,
)

TABLE = Path(__file__).with_name("access_table.txt")
INSIDE, OUTSIDE = "10.0.0.5", "203.0.113.9"
NODES = ("root", "part", "deep")
TODAY = datetime.date.today()


def day(shift: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=shift)


@dataclass(frozen=True)
class Row:
    """A line of the table. `number` is its place, by which its elements are called."""

    number: int
    who: str
    tree: tuple[str, ...]
    asked: str
    rights: tuple[str, ...]
    conditions: tuple[str, ...]
    expected: str
    line: str

    @property
    def slug(self) -> str:
        return f"row-{self.number}-{self.asked}"

    @property
    def secret(self) -> str:
        return f"Внутри карточки {self.number}."

    @property
    def doubt(self) -> str:
        return f"Сомнение {self.number}."

    @property
    def asker(self) -> str:
        """Whoever asks; with the second step of sign-in where the row says that it is on."""
        return (
            f"{self.who} with factor"
            if any(c.startswith("factor@") and "+" in c for c in self.conditions)
            else self.who
        )

    @property
    def address(self) -> str:
        is_inside = any(one.startswith("network@") and one.endswith("+") for one in self.conditions)
        return INSIDE if is_inside else OUTSIDE


def read() -> list[Row]:
    lines = [line.rstrip() for line in TABLE.read_text(encoding="utf-8").splitlines()]
    return [_row(number, line) for number, line in enumerate(one for one in lines if one and one[0] != "#")]


def _row(number: int, line: str) -> Row:
    who, tree, asked, rights, conditions, expected = line.split()
    assert re.fullmatch(r"[k-][o-][c-][a-]", expected), line
    return Row(number, who, tuple(tree.split("/")), asked, _listed(rights), _listed(conditions), expected, line)


def _listed(cell: str) -> tuple[str, ...]:
    return () if cell == "-" else tuple(cell.split(","))


@dataclass
class School:
    """One person of each kind, shared by all rows, and what conditions ask for."""

    rows: list[Row]
    people: dict[str, User | None] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def build(self) -> "School":
        SchoolCard.objects.update_or_create(
            pk=1, defaults={"parents_have_cabinets": True, "local_networks": "10.0.0.0/24"}
        )
        self.edition = make_edition()
        for name in dict.fromkeys(row.asker for row in self.rows):
            self.people[name] = self._person(name)
        self.others = {
            "other": make_employee(),
            "gone": make_employee(ends=day(-1)),
            "stopped": make_employee(),
        }
        Block.objects.create(person=self.others["stopped"], reason="Проверка")
        self._documents()
        elements = self._elements()
        self._rights(elements)
        self._conditions(elements)
        self._files(elements)
        reach.rebuild_all()
        SchoolCard.touch_access()
        return self

    def _person(self, name: str) -> User | None:
        kind, factor, _ = name.partition(" with factor")
        if kind == "guest":
            return None
        person = PEOPLE[kind]()
        if kind != "new":
            Acceptance.objects.create(person=person, edition=self.edition, kind=Acceptance.Kind.SELF, by=person)
        if kind == "blocked":
            Block.objects.create(person=person, reason="Пароль стал известен посторонним")
        if factor:
            Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
        return User.objects.get(pk=person.pk)

    def _documents(self) -> None:
        self.read, self.unread = make_document(title="Прочитанный"), make_document(title="Непрочитанный")
        self.stale = make_document(title="Обновлённый")
        former = self.stale.edition_on(TODAY)
        Edition.objects.create(document=self.stale, number=2, text="Новое", in_force_from=TODAY)
        # A coming edition asks nothing yet.
        Edition.objects.create(document=self.read, number=2, text="Новое", in_force_from=day(1))
        Acquaintance.objects.bulk_create(
            Acquaintance(person=person, edition=edition)
            for person in filter(None, self.people.values())
            for edition in (self.read.edition_on(TODAY), former)
        )

    def _elements(self) -> dict[tuple[int, str], Element]:
        found: dict[tuple[int, str], Element] = {}
        for level, name in enumerate(NODES):
            rows = [row for row in self.rows if len(row.tree) > level]
            made = [self._element(row, level, found.get((row.number, NODES[level - 1]))) for row in rows]
            Element.objects.bulk_create(made)
            found |= {(row.number, name): element for row, element in zip(rows, made, strict=True)}
        return found

    @staticmethod
    def _element(row: Row, level: int, parent: Element | None) -> Element:
        closure = row.tree[level].removesuffix("u")
        own = None if closure == "." else int(closure)
        element = Element(
            slug=f"row-{row.number}-{NODES[level]}", name=f"Строка {row.number}", parent=parent if level else None,
            own_closure=own, closure=parent.closure if own is None else own, is_listed="u" not in row.tree[level],
            how_to_get_in=row.secret, doubtful=row.doubt,
        )  # fmt: skip
        element.prepare_search()
        return element

    def _rights(self, elements: dict) -> None:
        privileges = []
        for row in self.rows:
            for right in row.rights:
                what, _, rest = right.partition("@")
                where, _, rest = rest.partition(":")
                element = elements[row.number, where]
                if what in ("open", "contribute"):
                    privileges.append(self._privilege(row, what, element, rest))
                    continue
                ElementAdministrator.add(
                    self.people[row.asker] if what == "administers" else self.others[what], element
                )
        Privilege.objects.bulk_create(privileges)

    def _privilege(self, row: Row, right: str, element: Element, rest: str) -> Privilege:
        grantee, _, term = rest.removesuffix("!").partition(":")
        starts, _, ends = term.partition("..")
        revoked = {"revoked_at": f"{TODAY}T00:00Z", "revoke_reason": "Проверка"} if rest.endswith("!") else {}
        return Privilege(
            element=element, right=right, basis="Таблица", starts=day(int(starts)) if term else LONG_AGO,
            ends=day(int(ends)) if ends else None, **self._grantee(grantee, self.people[row.asker]), **revoked,
        )  # fmt: skip

    def _grantee(self, name: str, asker: User | None) -> dict:
        statuses = {"pupils": "pupil", "staff": "staff", "parents": "parent"}
        if name in statuses:
            return {"status": statuses[name]}
        return {
            "person": lambda: {"person": asker},
            "someone": lambda: {"person": self.others["other"]},
            "position": lambda: {"position": asker.appointments_now[0].position},
            "otherposition": lambda: {"position": make_position("librarian")},
            "class": lambda: {"school_class": make_class(grade=8)},
            "otherclass": lambda: {"school_class": make_class(grade=9)},
            "led": lambda: {"school_class": make_class(grade=7)},
        }[name]()

    def _conditions(self, elements: dict) -> None:
        documents = {"read+": self.read, "read-": self.unread, "stale": self.stale}
        conditions = []
        for row in self.rows:
            for word in row.conditions:
                name, _, where = word.partition("@")
                element, sign = elements[row.number, where.rstrip("+-")], where[-1]
                if document := documents.get(name) or documents.get(name + sign):
                    conditions.append(Condition(element=element, kind="acquaintance", document=document))
                elif name in ("factor", "network"):
                    kind = {"factor": "second_factor", "network": "network"}[name]
                    conditions.append(Condition(element=element, kind=kind))
                else:
                    conditions.append(Condition(element=element, kind="training"))
                    self._train(row, name + (sign if name == "training" else ""), element)
        Condition.objects.bulk_create(conditions)

    def _train(self, row: Row, how: str, element: Element) -> None:
        if how == "training-":
            return
        made: Training = make_training(
            person=self.people[row.asker],
            confirmed_by=None if how == "waiting" else self.others["other"],
            valid_until=day(-1) if how == "expired" else TODAY,
        )
        TrainingElement.objects.create(training=made, element=self.elsewhere if how == "elsewhere" else element)

    @cached_property
    def elsewhere(self) -> Element:
        return make_element(slug="elsewhere")

    def _files(self, elements: dict) -> None:
        digest = hashlib.sha256(b"").hexdigest()
        asked = [elements[row.number, row.asked] for row in self.rows]
        files = [
            StoredFile(kind="element_file", name="Памятка.pdf", media_type="application/pdf", size=0, sha256=digest)
            for _ in asked
        ]
        StoredFile.objects.bulk_create(files)
        ElementFile.objects.bulk_create(
            ElementFile(element=element, title="Памятка", file=file) for element, file in zip(asked, files, strict=True)
        )
        self.keys = {element.slug: str(file.pk) for element, file in zip(asked, files, strict=True)}


def _both() -> User:
    teacher, child = make_employee(), make_pupil(school_class=make_class(grade=9))
    teacher.children_relations.create(pupil=child, kind="mother", starts=LONG_AGO, basis="Свидетельство")
    return teacher


PEOPLE = {
    "new": make_employee,
    "first": lambda: make_employee(must_change_password=True),
    "blocked": make_employee,
    "former": lambda: make_employee(ends=day(-1)),
    "leaving": lambda: make_employee(ends=TODAY),
    "coming": lambda: make_employee(starts=day(1)),
    "starting": lambda: make_employee(starts=TODAY),
    "pupil": lambda: make_pupil(school_class=make_class(grade=8)),
    "expelled": lambda: make_pupil(school_class=make_class(grade=8), ends=day(-1)),
    "parent": lambda: make_parent(child=make_pupil(school_class=make_class(grade=8))),
    "teacher": make_employee,
    "both": _both,
    "leader": lambda: make_employee(position="class_teacher", school_class=make_class(grade=7)),
    "head": lambda: make_employee(position="method_group_head"),
    "deputy": lambda: make_employee(position="deputy"),
    "director": lambda: make_employee(position="director"),
    "acting": lambda: make_employee(position="director", is_acting=True),
    "admin": lambda: make_employee(position="system_administrator"),
    "super": lambda: make_person(is_superuser=True),
}
