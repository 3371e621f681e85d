"""Who can open an element: everybody at school, each judged by the one rule, in a constant number of queries (5.4).

`Known` is to many people what `asker.Asker` is to the one who asks. Reads only.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from allauth.mfa.models import Authenticator
from django.db.models import OuterRef, Q, Subquery

from accounts.models import Appointment, Block, Enrolment, Relation, SchoolClass, User
from accounts.models.people import MANAGEMENT_LEVEL, PUPIL_OR_PARENT_LEVEL, RECOVERY_CODES
from eios.lib import russian
from eios.lib.access import ADMINISTER, CONTRIBUTE, OPEN
from resources import access, tree
from resources.access import Decision
from resources.asker import Asker
from resources.models import Acquaintance, Condition, Edition, TrainingElement
from resources.positions import ELEMENT_ADMINISTRATOR
from resources.tree import Grant, Grantee, Ground, Need

Kind = Condition.Kind
SYSTEM_ADMINISTRATOR = "system_administrator"
BLOCKED = "Учётная запись заблокирована."
# What the filters call the statuses.
STATUSES = {"pupil": "Обучающиеся", "staff": "Работники", "parent": "Родители"}


@dataclass(frozen=True, slots=True)
class Post:
    """An appointment in force, as far as the rule and the list ask."""

    position: int
    code: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class Common:
    """What everybody is judged by alike: the day, the administrators, and of each condition the people who meet it."""

    date: datetime.date
    inside_network: bool
    administrators: frozenset[int] = frozenset()
    living_administrators: frozenset[int] = frozenset()
    with_second_factor: frozenset[int] = frozenset()
    trained: frozenset[tuple[int, int]] = frozenset()
    acquainted: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class Known:
    """One of many people, with all that the rule asks (`access.Facts`), and who that is at school."""

    key: int
    name: str
    is_superuser: bool
    is_blocked: bool
    is_parent: bool
    school_class: tuple[int, str] | None
    posts: Sequence[Post]
    common: Common
    level: int = 0
    position_codes: frozenset[str] = frozenset()
    is_system_administrator: bool = False

    def __post_init__(self):
        self.level = PUPIL_OR_PARENT_LEVEL if self.school_class or self.is_parent else 0
        # Most people are pupils and parents: what only a few have is not worked out for them.
        if self.posts or self.is_superuser:
            self._take_positions()

    def _take_positions(self) -> None:
        codes = {post.code for post in self.posts}
        self.is_system_administrator = self.is_superuser or SYSTEM_ADMINISTRATOR in codes
        if self.is_system_administrator:
            codes.add(SYSTEM_ADMINISTRATOR)
        if self.administers(self.common.administrators):
            codes.add(ELEMENT_ADMINISTRATOR)
        self.position_codes = frozenset(codes)
        highest = max((post.level for post in self.posts), default=self.level)
        self.level = MANAGEMENT_LEVEL if self.is_system_administrator else highest

    @property
    def grantees(self) -> tuple[Grantee, ...]:
        """The person under every name that a privilege may be given to."""
        own_class = (("school_class", self.school_class[0]),) if self.school_class else ()
        statuses = (("status", name) for name in self.statuses)
        return (("person", self.key), *(("position", post.position) for post in self.posts), *statuses, *own_class)

    @property
    def statuses(self) -> list[str]:
        """What the person is at school."""
        holds = (("pupil", self.school_class), ("staff", self.posts), ("parent", self.is_parent))
        return [name for name, is_so in holds if is_so]

    @property
    def who(self) -> str:
        """«5 «А»», «учитель, родитель»."""
        words = [self.school_class[1]] if self.school_class else []
        words += dict.fromkeys(post.title for post in self.posts)
        words += ["родитель"] * self.is_parent
        return ", ".join(words) or ("системный администратор" if self.is_superuser else "")

    @property
    def date(self) -> datetime.date:
        return self.common.date

    @property
    def living_administrators(self) -> frozenset[int]:
        return self.common.living_administrators

    def administers(self, people: Collection[int]) -> bool:
        return self.key in people and bool(self.posts or self.is_superuser)

    def meets(self, need: Need) -> bool:
        """Does the condition hold? Whether somebody is at school nobody knows beforehand: the reader says."""
        if need.kind == Kind.SECOND_FACTOR:
            return self.key in self.common.with_second_factor
        if need.kind == Kind.NETWORK:
            return self.common.inside_network
        if need.kind == Kind.TRAINING:
            return (self.key, need.element) in self.common.trained
        return (self.key, need.document) in self.common.acquainted


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the matrix: the person, and the decision about the person."""

    person: Known
    decision: Decision

    @property
    def reason(self) -> str:
        return " ".join(self.decision.reasons)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rule says of one right: the decision, and everything that gives the right to it."""

    title: str
    decision: Decision
    rights: tuple[str, ...]


RIGHTS = {OPEN: "Открывать", CONTRIBUTE: "Наполнять", ADMINISTER: "Управлять"}


def answers(person: Known, ground: Ground) -> list[Answer]:
    """The same decisions, with all reasons: for «Why?» about one person."""
    return [
        Answer(title, judged(person, ground, to), tuple(access.rights(person, ground, to)))
        for to, title in RIGHTS.items()
    ]


def conditions(person: Known, ground: Ground) -> list[tuple[Need, bool]]:
    """Conditions of the element and of those above, and whether the person meets each."""
    return [(need, person.meets(need)) for need in ground.needs]


def other_terms(person: Known, ground: Ground) -> list[str]:
    """Privileges of the person on the element that are over or have not begun."""
    given = [grant for grantee in person.grantees for grant in ground.grants.get(grantee, ())]
    return [_when(grant, person.date) for grant in given if not grant.on(person.date)]


def _when(grant: Grant, date: datetime.date) -> str:
    if grant.starts > date:
        return f"{grant.words} Начнётся {russian.short_date(grant.starts)}."
    return f"{grant.words} Срок вышел."


def narrowed(people: Iterable[Known], *, status: str = "", school_class: str = "", position: str = "") -> list[Known]:
    """Those of a status, of a class and of a position; what is empty is not asked."""
    return [
        one
        for one in people
        if (not status or status in one.statuses)
        and (not school_class or (one.school_class is not None and str(one.school_class[0]) == school_class))
        and (not position or any(str(post.position) == position for post in one.posts))
    ]


def judged(person: Known, ground: Ground, to: str = OPEN) -> Decision:
    """The rule's decision about the person; a blocked one does not pass the gate, and is a guest."""
    if not person.is_blocked:
        return access.judge(person, ground, to)
    decision = access.judge(None, ground, to)
    return decision if decision.allowed else replace(decision, reasons=(BLOCKED,), ask="")


def rows(people: Iterable[Known], ground: Ground) -> list[Row]:
    """The matrix «who can open this»: everybody with yes or no and the reason."""
    return [Row(person, judged(person, ground)) for person in people]


def people(
    reader: Asker, ground: Ground | None = None, *,
    query: str = "", keys: Collection[int] | None = None, inside_network: bool = False,
) -> list[Known]:  # fmt: skip
    """Everybody with a status in force, superusers among them, by name: all, or by a search, or by keys.

    With the ground of an element they may be judged on it. Nine queries for any number of people, less where the
    element has no conditions.
    """
    date, common = reader.date, _common(reader, ground, inside_network)
    posts, places, parents = _posts(date), _places(date), _parents(reader)
    blocked = set(Block.objects.standing().values_list("person", flat=True))
    found = User.objects.matching(query) if keys is None else User.objects.filter(pk__in=keys)
    found = found.filter(_with_a_fact(date)).order_by("sort_name", "pk")
    names = found.values_list("pk", "surname", "name", "patronymic", "is_superuser")
    return [
        Known(
            key, f"{surname} {name} {patronymic}".rstrip(), is_superuser, key in blocked, key in parents,
            places.get(key), posts.get(key, ()), common,
        )
        for key, surname, name, patronymic, is_superuser in names
        if is_superuser or key in places or key in posts or key in parents
    ]  # fmt: skip


def _with_a_fact(date: datetime.date) -> Q:
    """Few besides those who are wanted: whether a parent has a status depends on the child and on the school."""
    return (
        Q(is_superuser=True)
        | Q(pk__in=Enrolment.objects.on(date).values("pupil"))
        | Q(pk__in=Appointment.objects.on(date).values("person"))
        | Q(pk__in=Relation.objects.on(date).values("parent"))
    )


def _posts(date: datetime.date) -> dict[int, list[Post]]:
    fields = ("person", "position", "position__code", "position__name", "position__level", "is_acting")
    found: dict[int, list[Post]] = defaultdict(list)
    for person, position, code, name, level, is_acting in (
        Appointment.objects.on(date).order_by("position__order", "pk").values_list(*fields)
    ):
        found[person].append(Post(position, code, f"и. о.: {name}" if is_acting else name, level))
    return found


def _places(date: datetime.date) -> dict[int, tuple[int, str]]:
    """Pupil → the key and the name of the class; names of a few dozen classes are made once each."""
    fields = ("pupil", "school_class", "school_class__grade", "school_class__letter")
    names: dict[int, tuple[int, str]] = {}
    found = {}
    for pupil, key, grade, letter in Enrolment.objects.on(date).values_list(*fields):
        if key not in names:
            names[key] = (key, SchoolClass(grade=grade, letter=letter).name)
        found[pupil] = names[key]
    return found


def _parents(reader: Asker) -> set[int]:
    if not reader.school.parents_have_cabinets:
        return set()
    return set(Relation.objects.living(reader.date).values_list("parent", flat=True))


def _common(reader: Asker, ground: Ground | None, inside_network: bool) -> Common:
    date = reader.date
    if ground is None:
        return Common(date, inside_network)
    asked = {need.kind for need in ground.needs}
    return Common(
        date,
        inside_network,
        administrators=tree.administrators_of_any(reader.school),
        living_administrators=reader.living_administrators,
        with_second_factor=_with_second_factor() if Kind.SECOND_FACTOR in asked else frozenset(),
        trained=_trained(ground, date) if Kind.TRAINING in asked else frozenset(),
        acquainted=_acquainted(ground, date) if Kind.ACQUAINTANCE in asked else frozenset(),
    )


def _with_second_factor() -> frozenset[int]:
    return frozenset(Authenticator.objects.exclude(type=RECOVERY_CODES).values_list("user", flat=True))


def _trained(ground: Ground, date: datetime.date) -> frozenset[tuple[int, int]]:
    elements = [need.element for need in ground.needs if need.kind == Kind.TRAINING]
    ties = TrainingElement.objects.prepares_on(date).filter(element__in=elements)
    return frozenset(ties.values_list("training__person", "element"))


def _acquainted(ground: Ground, date: datetime.date) -> frozenset[tuple[int, int]]:
    """Who has read the edition in force of which document."""
    documents = [need.document for need in ground.needs if need.kind == Kind.ACQUAINTANCE]
    newest = Edition.objects.in_force(date).filter(document=OuterRef("edition__document")).values("pk")[:1]
    read = Acquaintance.objects.filter(edition__document__in=documents).filter(edition=Subquery(newest))
    return frozenset(read.values_list("person", "edition__document"))
