"""Work programmes: who reads and moves which, lists by year, the board of renewal (1.3 a, 3.7, 6.1). Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.fact_rules import METHOD_GROUP_HEAD
from accounts.models import AcademicYear, Appointment, MethodGroup, User
from resources import sections
from resources.asker import Asker
from resources.models import Condition, Element, Holding, LibraryEdition, OutsideResource, Programme, Reach, Subject

SLUG = "programmes"
State = Programme.State


def runs(asker: Asker) -> bool:
    """Does the asker run the section: agree, approve, return anybody's programme?"""
    return sections.may_contribute(asker, SLUG)


def is_run_by(person: User) -> bool:
    """Does the section wait for the person, recognised at the gate: to agree and to approve (6.1)?"""
    asker = person.asks_as
    return asker is not None and is_author(asker) and sections.is_open(asker, SLUG) and runs(asker)


def is_author(asker: Asker) -> bool:
    """May the asker write programmes at all? Employees do."""
    return asker.person is not None and asker.person.is_employee


def own_groups(person: User) -> set[int]:
    """Keys of method groups (ШМО) that the person works in or heads today."""
    return {row.method_group_id for row in person.appointments_now if row.method_group_id}


def headed_groups(person: User) -> set[int]:
    """Keys of method groups that the person heads today."""
    return {row.method_group_id for row in person.appointments_now if row.position.code == METHOD_GROUP_HEAD}


def visible_to(asker: Asker) -> QuerySet[Programme]:
    """Approved are everybody's; others the author's, once submitted the ШМО's, and theirs who run the section."""
    if not is_author(asker):
        return Programme.objects.approved()
    if runs(asker):
        return Programme.objects.all()
    mine = Q(author=asker.person)
    of_group = ~Q(state=State.DRAFT) & Q(method_group__in=own_groups(asker.person))
    return Programme.objects.filter(Q(state=State.APPROVED) | mine | of_group)


@dataclass(frozen=True)
class Rights:
    """What the asker may do with a programme as it stands; each is asked again by the action's page."""

    change: bool = False
    consider: bool = False
    agree: bool = False
    approve: bool = False
    send_back: bool = False
    renew: bool = False

    @property
    def moves(self) -> bool:
        """Does the programme, as it stands, wait for the asker?"""
        return self.change or self.consider or self.agree or self.approve


def rights(asker: Asker, programme: Programme) -> Rights:
    """Which verbs stand open: by the state of the programme and by who asks."""
    if not is_author(asker):
        return Rights()
    all_of_them = runs(asker)
    heads = all_of_them or programme.method_group_id in headed_groups(asker.person)
    own = all_of_them or programme.author_id == asker.person.pk
    return Rights(
        change=own and programme.is_draft,
        consider=heads and programme.state == State.SUBMITTED,
        agree=all_of_them and programme.state == State.CONSIDERED,
        approve=all_of_them and programme.state == State.AGREED,
        send_back=(heads and programme.state == State.SUBMITTED)
        or (all_of_them and programme.state in (State.CONSIDERED, State.AGREED)),
        renew=own and programme.is_approved,
    )


def years() -> QuerySet[AcademicYear]:
    """Years that have an approved programme, the newest first."""
    return AcademicYear.objects.filter(pk__in=Programme.objects.approved().values("year"))


def year_of(wanted: AcademicYear | None, date: datetime.date) -> AcademicYear | None:
    """The year that was asked for; else today's where it has programmes, else the newest that has."""
    if wanted:
        return wanted
    found = list(years())
    return next((year for year in found if year.starts <= date <= year.ends), found[0] if found else None)


def subjects_of(year: AcademicYear | None) -> QuerySet[Subject]:
    """Subjects with an approved programme in the year, for the filter."""
    keys = Programme.objects.approved().filter(year=year).values("subject")
    return Subject.objects.filter(pk__in=keys)


def listed(year: AcademicYear | None, filters: dict) -> QuerySet[Programme]:
    """Approved programmes of the year under the filters, in the order of grades and subjects."""
    rows = Programme.objects.approved().filter(year=year).matching(filters["q"]).for_lists()
    if filters["grade"]:
        rows = rows.of_grade(filters["grade"])
    if filters["subject"]:
        rows = rows.filter(subject=filters["subject"])
    return rows.order_by("grade_from", "subject__area__order", "subject__order", "subject__name", "title", "pk")


def in_work(asker: Asker, state: str = "") -> QuerySet[Programme]:
    """What is not approved yet and concerns the asker, of one state where it is named, the newest first."""
    if not is_author(asker):
        return Programme.objects.none()
    rows = visible_to(asker).exclude(state=State.APPROVED)
    return (rows.filter(state=state) if state else rows).for_lists().order_by("-changed_at", "pk")


def to_consider(head: int, date: datetime.date) -> QuerySet[Programme]:
    """What waits for the ШМО that the person with this key heads on the date."""
    headed = Appointment.objects.on(date).filter(person=head, position__code=METHOD_GROUP_HEAD)
    return Programme.objects.filter(state=State.SUBMITTED, method_group__in=headed.values("method_group"))


def in_state(state: str) -> QuerySet[Programme]:
    """What stands there and waits for who runs the section."""
    return Programme.objects.filter(state=state)


def returned_to(author: int) -> QuerySet[Programme]:
    """Drafts that came back to the author with a reason."""
    return Programme.objects.filter(state=State.DRAFT, author=author).exclude(returned_because="")


def using(used: Element | Holding, asker: Asker) -> QuerySet[Programme]:
    """This year's approved programmes that name it, each with its topics that do (`naming`): the way back (1.3 a)."""
    if not sections.is_open(asker, SLUG):
        return Programme.objects.none()
    named = Prefetch("topics", queryset=used.topics.order_by("position"), to_attr="naming")
    rows = used.programmes.approved().of_year_on(asker.date).for_lists().prefetch_related(named)
    return rows.order_by("grade_from", "subject__name", "title", "pk")


def named_below(element: Element) -> bool:
    """Does any programme name the element, or one that lies below it?"""
    below = Reach.objects.filter(above=element).values("element")
    return Programme.objects.filter(elements__in=below).exists()


def bound_to_school(elements: Iterable[Element]) -> list[Element]:
    """Those of them that open inside the school's network only, by a condition of their own or from above (2.2)."""
    bound = Condition.objects.filter(kind=Condition.Kind.NETWORK).values("element")
    keys = Reach.objects.filter(element__in=list(elements), above__in=bound).values("element")
    return list(Element.objects.filter(pk__in=keys))


def offered(programme: Programme) -> dict[str, QuerySet]:
    """What may stand in each list: platforms, resources and editions in use, of the subject or of none; what stands
    there already among them."""
    return {
        "elements": Element.objects.platforms().filter(Q(is_listed=True) | Q(programmes=programme)).distinct(),
        "resources": _holdings(OutsideResource, programme),
        "editions": _holdings(LibraryEdition, programme),
    }


def _holdings(model: type[Holding], programme: Programme) -> QuerySet[Holding]:
    of_subject = Q(subjects=programme.subject_id) | Q(subjects__isnull=True)
    rows = model.objects.filter((of_subject & Q(state=Holding.State.ACTIVE)) | Q(programmes=programme))
    return rows.distinct()


# --- the board of renewal ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupRow:
    """A method group on the board: how many of the former year's programmes are where."""

    group: MethodGroup | None
    renewed: int
    ended: int
    waiting: list[Programme]

    @property
    def total(self) -> int:
        return self.renewed + self.ended + len(self.waiting)


def year_to_renew(date: datetime.date) -> AcademicYear | None:
    """The year that programmes are renewed for: the one that comes next, where it is open already, else today's."""
    return AcademicYear.objects.filter(starts__gt=date).last() or AcademicYear.objects.on(date).first()


def groups_of_board(asker: Asker) -> set[int] | None:
    """Keys of method groups that the asker's board shows; None is all: a head's own, else everything."""
    return None if runs(asker) else headed_groups(asker.person) or None


def may_renew(asker: Asker) -> bool:
    """Who runs the section renews everything; a head, what the own board shows."""
    return is_author(asker) and (runs(asker) or bool(headed_groups(asker.person)))


def board(year: AcademicYear, groups: set[int] | None) -> list[GroupRow]:
    """What of the former year's is not renewed for the year, by ШМО; three queries. `groups`: None is all of them."""
    former = year.former()
    if former is None:
        return []
    rows = Programme.objects.approved().filter(year=former)
    if groups is not None:
        rows = rows.filter(method_group__in=groups)
    rows = rows.for_lists().annotate(carried=Count("renewals", filter=Q(renewals__year=year)))
    by_group: dict[MethodGroup | None, list[Programme]] = {}
    for row in rows.order_by("method_group__name", "grade_from", "subject__name", "pk"):
        by_group.setdefault(row.method_group, []).append(row)
    return [_group_row(group, found) for group, found in by_group.items()]


def _group_row(group: MethodGroup | None, rows: list[Programme]) -> GroupRow:
    waiting = [row for row in rows if not row.carried and not row.ends_because]
    renewed = sum(bool(row.carried) for row in rows)
    return GroupRow(group, renewed, len(rows) - renewed - len(waiting), waiting)
