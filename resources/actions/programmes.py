"""The verbs of work programmes: written, considered, agreed, approved by order, renewed every year (3.7, 6.1)."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import save_row
from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.marks import Seen, Stale, digest, refuse_stale
from accounts.models import AcademicYear, Order, SchoolCard
from eios.lib.dates import today
from resources import plan_hours, programmes, topic_links
from resources.actions.courses.carrying import carry_courses
from resources.file_owners import PROGRAMME_FILE
from resources.importing import thematic_plan
from resources.importing.thematic_plan import Plan
from resources.models import Programme, Topic
from resources.plan_hours import PlanHours
from resources.topic_links import words_of

State = Programme.State
# Lists of what a programme uses (1.3 a, 3.7).
LISTS = ("elements", "resources", "editions")
# What a renewed programme takes along.
CARRIED = (
    "kind", "subject", "title", "grade_from", "grade_to", "author", "method_group", "explanation", "content",
    "results", "reference_systems", "file",
)  # fmt: skip


class Moved(ValidationError):
    """The programme is no longer where the page showed it."""

    def __init__(self, programme: Programme):
        super().__init__(f"Программа уже в состоянии «{programme.get_state_display()}»: обновите страницу.")


class HoursDiffer(Exception):
    """The plan's hours are not the curriculum's, and nobody has said yet that this is meant."""

    def __init__(self, hours: PlanHours):
        super().__init__(hours.words)
        self.hours = hours


@transaction.atomic
def save_programme(programme: Programme, *, upload=None, by: Actor, seen: Seen | None = None) -> Programme:
    """Adds a draft or changes one, with its file. Audited.

    Raises ValidationError: not a draft any more, values that can't be; FileRefused.
    """
    if not programme._state.adding:
        _locked(programme, State.DRAFT)
    refuse_stale(programme, seen)
    programme.file = files.settle(programme.file, upload, kind=PROGRAMME_FILE, by=by, owner=by.person)
    return save_row(programme, by=by)


@transaction.atomic
def set_lists(
    programme: Programme, lists: dict[str, Iterable], *, systems: str, by: Actor, seen: Seen | None = None
) -> Programme:
    """What the programme uses, list by list (LISTS), and its professional databases and systems (3.7). Audited.

    Raises ValidationError: not a draft any more.
    """
    row = _locked(programme, State.DRAFT)
    refuse_stale(row, seen)
    if bound := programmes.bound_to_school(lists["elements"]):
        names = ", ".join(map(str, bound))
        raise ValidationError(f"Открываются только из сети школы, а программой пользуются из любой точки: {names}.")
    changes = {}
    for name in LISTS:
        before = sorted(map(str, getattr(row, name).all()))
        getattr(row, name).set(lists[name])
        after = sorted(map(str, getattr(row, name).all()))
        if before != after:
            changes[name] = [", ".join(before), ", ".join(after)]
    if row.reference_systems != systems:
        changes["reference_systems"] = [row.reference_systems, systems]
        row.reference_systems = systems
    row.save(update_fields=["reference_systems", "changed_at"])
    if changes:
        audit.record(by, "programme.changed", row, changes)
        _link_anew(row)
    return row


def plan_mark(programme: Programme) -> str:
    """A digest of the thematic plan as it is stored."""
    return digest(thematic_plan.to_text(programme.topics.with_links()))


@transaction.atomic
def set_plan(programme: Programme, plan: Plan, *, by: Actor, seen: str | None = None) -> int:
    """Puts a thematic plan in the place of the former one; returns how many topics it has. Audited.

    What a topic's resources name of the programme's own lists becomes a link, the rest stays in words (1.3 a).

    Raises ValidationError: the plan has remarks, or the programme is not a draft.
    """
    if plan.errors:
        raise ValidationError(plan.errors)
    row = _locked(programme, State.DRAFT)
    if seen is not None and seen != plan_mark(row):
        raise Stale(row)
    before = row.topics.count()
    row.topics.all().delete()
    put_topics(row, [vars(line) for line in plan.lines])
    row.save(update_fields=["changed_at", "search"])
    audit.record(by, "programme.plan_changed", row, {"topics": [before, len(plan.lines)]})
    return len(plan.lines)


@transaction.atomic
def submit(programme: Programme, *, by: Actor, hours_seen: str = "") -> Programme:
    """The author hands the draft to the ШМО. `hours_seen`: the mark of the difference that the author is aware of.

    Raises ValidationError: nothing to consider, not a draft; HoursDiffer: from the curriculum, in a way not seen (6.2).
    """
    row = _locked(programme, State.DRAFT)
    if not row.file and not (row.content.strip() and row.results.strip() and row.topics.exists()):
        raise ValidationError(
            "Рассматривать нечего: приложите файл или заполните содержание, планируемые результаты и тематический план."
        )
    hours = plan_hours.of(row)
    if hours and hours.differ and hours.mark != hours_seen:
        raise HoursDiffer(hours)
    row.returned_because = ""
    return _move(row, State.SUBMITTED, by=by)


@transaction.atomic
def consider(programme: Programme, *, protocol: str, day: datetime.date, by: Actor) -> Programme:
    """The ШМО has considered it: number and day of its protocol. Raises ValidationError: a future day, moved."""
    row = _locked(programme, State.SUBMITTED)
    _refuse_future(day)
    row.protocol, row.considered_on = protocol, day
    return _move(row, State.CONSIDERED, by=by)


@transaction.atomic
def agree(programme: Programme, *, by: Actor) -> Programme:
    """The deputy head agrees, today. Raises ValidationError: moved."""
    row = _locked(programme, State.CONSIDERED)
    row.agreed_by, row.agreed_on = by.person, today()
    return _move(row, State.AGREED, by=by)


@transaction.atomic
def approve(found: Iterable[Programme], *, order: Order, by: Actor) -> int:
    """One order approves many: they are public from now on and change no more (6.1). Returns how many.

    Effects: states; courses follow the programme from its former year; the public pages are stale; authors are told;
    audit. Raises ValidationError: the order can't approve, one of them is not agreed, or was considered after the
    order's day.
    """
    # A cancellation of the order comes before or after.
    if not Order.objects.approving().select_for_update().filter(pk=order.pk).exists():
        raise ValidationError("Утверждает исполненный приказ по основной деятельности.")
    rows = [_locked(one, State.AGREED) for one in sorted(found, key=lambda one: one.pk)]
    for row in rows:
        if row.considered_on and row.considered_on > order.date:
            raise ValidationError(f"«{row}» рассмотрена позже, чем подписан приказ: {row.considered_on:%d.%m.%Y}.")
        row.order = order
        _move(row, State.APPROVED, by=by, basis=order.reference)
        carry_courses(row, by=by)
        _tell(row, f"Утверждена рабочая программа «{row}»: {order}.", by=by)
    SchoolCard.touch_public()
    return len(rows)


@transaction.atomic
def send_back(programme: Programme, *, reason: str, by: Actor) -> Programme:
    """Returns it to the author with a reason; consideration and agreement begin anew. Raises ValidationError: moved."""
    row = _locked(programme, State.SUBMITTED, State.CONSIDERED, State.AGREED)
    row.returned_because = reason
    row.protocol, row.considered_on, row.agreed_by, row.agreed_on = "", None, None, None
    saved = _move(row, State.DRAFT, by=by)
    _tell(saved, f"Рабочая программа «{saved}» возвращена: {reason}", by=by)
    return saved


@transaction.atomic
def renew(found: Iterable[Programme], *, year: AcademicYear, by: Actor) -> int:
    """Carries approved programmes on to another year as drafts, with plan and lists (3.7). Returns how many.

    One that is there already, or ends, is passed over. Raises ValidationError: not approved, not a later year.
    """
    made = 0
    for one in sorted(found, key=lambda row: row.pk):
        row = _locked(one, State.APPROVED)
        if row.year.starts >= year.starts:
            raise ValidationError(f"«{row}» и так на {row.year}: переносят на следующий год.")
        if not row.ends_because and not row.renewals.filter(year=year).exists():
            _carry(row, year, by)
            made += 1
    return made


@transaction.atomic
def end(programme: Programme, *, reason: str, by: Actor) -> Programme:
    """There will be none next year, and why; the board waits for it no more. Raises ValidationError: renewed."""
    row = _locked(programme, State.APPROVED)
    if row.renewals.exists():
        raise ValidationError("Программа уже перенесена на следующий год.")
    before, row.ends_because = row.ends_because, reason
    row.save(update_fields=["ends_because", "search"])
    audit.record(by, "programme.ended", row, {"ends_because": [before, reason]})
    return row


def _lines_of(row: Programme) -> list[dict]:
    names = ("section", "name", "hours", "work", "way")
    return [
        {name: getattr(one, name) for name in names} | {"resources": words_of(one)} for one in row.topics.with_links()
    ]


def put_topics(row: Programme, lines: list[dict]) -> list[Topic]:
    """Topics in order, each with its links to what the programme lists; a fixed number of queries."""
    lists = topic_links.Lists(row)
    links = [lists.links(line["resources"]) for line in lines]
    topics = Topic.objects.bulk_create(
        Topic(programme=row, position=position, **line | {"resources": links[position - 1].note})
        for position, line in enumerate(lines, 1)
    )
    for place in topic_links.FIELDS:
        through = getattr(Topic, place).through
        target = Topic._meta.get_field(place).m2m_reverse_name()
        through.objects.bulk_create(
            through(**{"topic_id": topic.pk, target: thing.pk})
            for topic, found in zip(topics, links, strict=True)
            for thing in found.found[place]
        )
    return topics


def _link_anew(row: Programme) -> None:
    """The lists have changed: what topics name is looked for again, so that no link leads out of the lists."""
    lines = _lines_of(row)
    row.topics.all().delete()
    put_topics(row, lines)


def _carry(row: Programme, year: AcademicYear, by: Actor) -> Programme:
    copy = Programme(year=year, renewed_from=row, **{name: getattr(row, name) for name in CARRIED})
    save_row(copy, by=by, basis=f"{row}, {row.year}")
    for name in LISTS:
        getattr(copy, name).set(getattr(row, name).all())
    topics = put_topics(copy, _lines_of(row))
    # The search follows the trail, and reads topics too.
    audit.record(by, "programme.plan_changed", copy, {"topics": [0, len(topics)]})
    return copy


def _locked(programme: Programme, *states: str) -> Programme:
    """The row as it stands, held until the end of the transaction. Raises Moved: it stands elsewhere."""
    row = (
        Programme.objects.select_for_update(of=("self",))
        .select_related("subject", "author", "year")
        .get(pk=programme.pk)
    )
    if row.state not in states:
        raise Moved(row)
    return row


def _move(row: Programme, state: str, *, by: Actor, basis: str = "") -> Programme:
    before, row.state = row.state, state
    row.save()
    audit.record(by, "programme.moved", row, {"state": [before, state]}, basis)
    return row


def _tell(row: Programme, text: str, *, by: Actor) -> None:
    if row.author_id != (by.person.pk if by.person else None):
        key = f"programme-{row.pk}-{row.state}-{row.changed_at:%Y%m%d%H%M%S%f}"
        notify([row.author], "programme", key=key, by=by, text=text, url=row.get_absolute_url())


def _refuse_future(day: datetime.date) -> None:
    if day > today():
        raise ValidationError({"day": "Протокол ещё не составлен: день в будущем."})
