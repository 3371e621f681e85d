"""What a file would change in portfolios. The same plan is shown and, once confirmed, carried out (11.1-11.3).

What the portal has and the file has not, stays: a list of the city may be a part of all. Only of a record that is said
to be whole for some days, what is missing of its pupils in these days goes.
"""

import datetime
import hashlib
from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.batches.outcomes import SKIP, Change
from accounts.importing.plan import read_source
from accounts.models import ImportBatch, User
from accounts.models.registration import name_key
from eios.lib import search
from eios.lib.russian import short_date
from portfolio import events, rights
from portfolio.importing.columns import OLYMPIAD, read_rows
from portfolio.importing.items import Item, item_of
from portfolio.importing.matching import UNKNOWN, Directory, Question
from portfolio.models import Achievement, Event, Level, Mode, Origin, Outcome, Portfolio, Sphere, Stage, title_key
from resources.models import Subject

# In this order they are told; the title and the day stand in a column of their own.
COMPARED = ("outcome", "place", "grade_performed", "team", "mentor", "sphere", "level", "stage", "mode", "organiser")
PASSED = {SKIP: "Решено не загружать это имя.", UNKNOWN: "Среди обучающихся такого нет."}
_LABELS = {"sphere": Sphere, "level": Level, "stage": Stage, "mode": Mode, "outcome": Outcome}


@dataclass(frozen=True)
class Line:
    """A row of the preview; `what` is the event, or why the row is not loaded."""

    change: Change
    pupil: str
    what: str
    old: str = ""
    new: str = ""
    where: str = ""

    @property
    def is_told(self) -> bool:
        return self.change in (Change.ERROR, Change.PASSED)


@dataclass
class Wanted:
    """An entry that the file wants: `fields` as they are to stand; `row` the one that is there."""

    pupil: User
    fields: dict
    where: str
    event: Event | None = None
    key: str = ""
    grade: int | None = None
    row: Achievement | None = None


@dataclass
class Plan:
    """`fresh` are entries that are so already, and will be so as of a later day. `unknown`: columns passed over."""

    as_of: datetime.datetime | None
    questions: list[Question] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    new: list[Wanted] = field(default_factory=list)
    changed: list[Wanted] = field(default_factory=list)
    fresh: list[Wanted] = field(default_factory=list)
    gone: list[Achievement] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    same: int = 0
    sha256: str = ""

    @property
    def counts(self) -> Counter:
        found = Counter({Change.SAME: self.same})
        found.update(line.change for line in self.lines)
        return found

    @property
    def errors(self) -> int:
        return self.counts[Change.ERROR]

    @property
    def changes_anything(self) -> bool:
        return bool(self.new or self.changed or self.fresh or self.gone)

    @property
    def new_events(self) -> list[Event]:
        """Those of which somebody takes part."""
        found = {id(one.event): one.event for one in self.new if one.event and one.event.pk is None}
        return list(found.values())

    @property
    def ordered(self) -> list[Line]:
        order = list(Change)
        return sorted(self.lines, key=lambda line: order.index(line.change))

    @property
    def mark(self) -> str:
        """Tells whether the plan that was seen is the one that would be carried out."""
        told = [(one.change.name, one.pupil, one.what, one.old, one.new, one.where) for one in self.lines]
        whom = [one.pupil.pk for one in (*self.new, *self.changed, *self.fresh)] + [row.pk for row in self.gone]
        return hashlib.sha256(repr([self.sha256, told, whom, self.same]).encode()).hexdigest()[:32]


def plan_of(batch: ImportBatch, *, asker: User, date: datetime.date) -> Plan:
    """The plan of the batch's file; a constant number of queries. Raises TableError where it can't be read."""
    file = batch.files.select_related("file").get()
    table = read_rows(read_source(file.file), batch.purpose)
    plan = Plan(as_of_of(batch), unknown=table.unknown, sha256=file.sha256)
    head = head_of(batch)
    items = [item_of(row, batch.purpose, head, date) for row in table.rows]
    _Builder(plan, batch, asker, date).build(items)
    return plan


def head_of(batch: ImportBatch) -> dict:
    """What the one who loads the file has said of it all."""
    head = dict(batch.options["head"])
    if head.get("date"):
        head["date"] = datetime.date.fromisoformat(head["date"])
    return head


def as_of_of(batch: ImportBatch) -> datetime.datetime | None:
    day = batch.options.get("as_of")
    if not day:
        return None
    return timezone.make_aware(datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time()))


class _Builder:
    """Fills a plan in: what the file wants, against what stands."""

    def __init__(self, plan: Plan, batch: ImportBatch, asker: User, date: datetime.date):
        self.plan, self.batch, self.asker, self.date = plan, batch, asker, date
        self.is_olympiad = batch.purpose == OLYMPIAD
        self.led = {(one.grade, one.letter) for one in asker.led_classes}
        self.subjects = subjects_by_name()
        self.subject_names = {one.pk: one.name for one in self.subjects.values()}

    def build(self, items: list[Item]) -> None:
        sound = [item for item in items if self._is_sound(item)]
        days = [item.date for item in sound if item.date]
        within = None
        if not self.is_olympiad and not rights.manages(self.asker):
            within = rights.pupils_led(self.asker, self.date).values("pk")
        self.directory = Directory(self.batch, days, self.date, within)
        placed = [(item, subject) for item in sound if (subject := self._subject(item)) is not None]
        if self.is_olympiad:
            self._find_events({subject.pk if subject else None for _, subject in placed})
        wanted = [one for item, subject in placed if (one := self._wanted(item, subject or None))]
        wanted = self._without_frozen(self._once(wanted))
        self.plan.questions = sorted(self.directory.questions.values(), key=lambda one: not one.is_likely)
        self._compare(wanted, self._stored(wanted))
        # Of a file that was not read whole nobody can say what is no longer in it.
        if (whole := self.batch.options.get("whole")) and not (self.plan.errors or self.plan.questions):
            self._find_gone(wanted, *whole)

    # Rows that can be loaded

    def _is_sound(self, item: Item) -> bool:
        if item.mistakes:
            for mistake in item.mistakes:
                self._line(Change.ERROR, item, mistake)
            return False
        if not item.came:
            self._line(Change.PASSED, item, "Не участвовал.")
            return False
        if not (self.is_olympiad or rights.manages(self.asker)) and self._is_foreign(item):
            self._line(Change.PASSED, item, f"Класс {item.class_text}: загружает его классный руководитель.")
            return False
        return True

    def _is_foreign(self, item: Item) -> bool:
        if item.class_name is None:
            return False
        grade, letter = item.class_name
        return not any(one[0] == grade and letter in ("", one[1]) for one in self.led)

    def _subject(self, item: Item) -> Subject | bool | None:
        """False where there is none, None where the word is unknown."""
        if not item.subject:
            return self.subjects.get(_folded(self.batch.options["head"].get("subject", "")), False)
        found = self.subjects.get(_folded(item.subject))
        if found is None:
            words = f"предмета «{item.subject[:60]}» нет. Другие названия предмета вносят в «Администрировании»."
            self._line(Change.ERROR, item, f"Столбец «Предмет»: {words}")
        return found

    def _find_events(self, subjects: set[int | None]) -> None:
        """Those that are known already and unsaved ones that applying makes; a foreign one is not to be added to."""
        head = head_of(self.batch)
        same = {name: head[name] for name in ("date", "level", "stage")}
        rows = Event.objects.filter(title_key=title_key(head["title"]), **same).select_related("created_by", "subject")
        found = {row.subject_id: row for row in rows}
        self.events: dict[int | None, Event] = {}
        fields = {name: value for name, value in head.items() if name != "subject"}
        for subject in sorted(subjects, key=lambda pk: pk or 0):
            event = found.get(subject) or Event(subject_id=subject, batch=self.batch, **fields)
            self.events[subject] = event
            if event.pk and not events.keeps(self.asker, event):
                who = event.created_by.initials if event.created_by else "школа"
                words = f"«{event.title}», {short_date(event.date)}: мероприятие внёс другой работник ({who}). "
                self.plan.lines.append(Line(Change.ERROR, "", f"{words}Участников добавляет он или руководство школы."))
                self.events[subject] = None
        self.plan.events = [one for one in self.events.values() if one]

    def _wanted(self, item: Item, subject: Subject | None) -> Wanted | None:
        event = self.events[subject.pk if subject else None] if self.is_olympiad else None
        if self.is_olympiad and event is None:
            return None
        pupil = self.directory.find(item)
        if pupil in PASSED:
            self._line(Change.PASSED, item, PASSED[pupil])
            return None
        if pupil is None:
            return None
        grade = self.directory.grade_on(pupil, item.date)
        is_called_so = name_key(item.name) == name_key(pupil.get_full_name())
        where = item.where if is_called_so else f"{item.where}: «{item.name}»"
        if event:
            return Wanted(pupil, item.own, where, event=event, grade=grade)
        fields = {**item.occasion, **item.own, "subject_id": subject.pk if subject else None}
        return Wanted(pupil, fields, where, key=item.key or key_of(pupil, fields), grade=grade)

    def _once(self, wanted: list[Wanted]) -> list[Wanted]:
        """Of two rows about the same the first; which of them is right only a person can say."""
        first: dict[tuple, Wanted] = {}
        for one in wanted:
            key = (one.pupil.pk, id(one.event)) if one.event else (one.key,)
            if key in first:
                words = f"то же уже есть: {first[key].where}. Оставьте одну строку."
                self.plan.lines.append(Line(Change.ERROR, str(one.pupil), words, where=one.where))
            first.setdefault(key, one)
        return list(first.values())

    def _without_frozen(self, wanted: list[Wanted]) -> list[Wanted]:
        rows = Portfolio.objects.filter(pupil__in={one.pupil.pk for one in wanted}, frozen_at__isnull=False)
        frozen = set(rows.values_list("pupil", flat=True))
        for one in wanted:
            if one.pupil.pk in frozen:
                self.plan.lines.append(Line(Change.PASSED, str(one.pupil), "Портфолио закрыто.", where=one.where))
        return [one for one in wanted if one.pupil.pk not in frozen]

    # Against what stands

    def _stored(self, wanted: list[Wanted]) -> dict:
        if self.is_olympiad:
            known = [one for one in self.plan.events if one.pk]
            return {(row.event_id, row.pupil_id): row for row in Achievement.objects.filter(event__in=known)}
        rows = Achievement.objects.filter(source=self.batch.source, record_key__in=[one.key for one in wanted])
        return {row.record_key: row for row in rows.select_related("pupil")}

    def _compare(self, wanted: list[Wanted], stored: dict) -> None:
        for one in wanted:
            one.row = stored.get((one.event.pk, one.pupil.pk) if one.event else one.key)
            if one.row is None:
                self.plan.new.append(one)
                self._told(Change.NEW, one, {}, one.fields)
            elif one.row.pupil_id != one.pupil.pk:
                words = f"запись № {one.key} на портале — у другого ученика ({one.row.pupil})."
                self.plan.lines.append(Line(Change.ERROR, str(one.pupil), words, where=one.where))
            elif self.plan.as_of and one.row.as_of and one.row.as_of > self.plan.as_of:
                day = short_date(timezone.localdate(one.row.as_of))
                words = f"На портале данные новее: на {day}."
                self.plan.lines.append(Line(Change.PASSED, str(one.pupil), words, where=one.where))
            elif differing := _differing(one):
                self.plan.changed.append(one)
                old = {name: getattr(one.row, name) for name in differing}
                new = {name: one.fields[name] for name in differing}
                self._told(Change.CHANGED, one, old, new)
            else:
                self._same(one)

    def _find_gone(self, wanted: list[Wanted], starts: str, ends: str) -> None:
        """Of the pupils of the file, in the days of which it has everything; what is newer than the file stays."""
        keys = [one.key for one in wanted]
        rows = Achievement.objects.filter(origin=Origin.RECORD, source=self.batch.source, date__range=(starts, ends))
        rows = rows.filter(pupil__in={one.pupil.pk for one in wanted}, as_of__lte=self.plan.as_of)
        self.plan.gone = list(rows.exclude(record_key__in=keys).select_related("pupil"))
        for row in self.plan.gone:
            fields = {name: getattr(row, name) for name in (*COMPARED, "subject_id")}
            title = f"{row.title}, {short_date(row.date)}"
            self.plan.lines.append(Line(Change.GONE, str(row.pupil), title, self._words(fields), "нет в файле"))

    def _same(self, one: Wanted) -> None:
        self.plan.same += 1
        if self.plan.as_of and (one.row.as_of is None or one.row.as_of < self.plan.as_of):
            self.plan.fresh.append(one)

    def _told(self, change: Change, one: Wanted, old: dict, new: dict) -> None:
        title = one.event or f"{one.fields['title']}, {short_date(one.fields['date'])}"
        if one.event and one.event.subject_id:
            title = f"{title}, {self.subject_names[one.event.subject_id]}"
        words = (self._words(old) if old else "", self._words(new))
        self.plan.lines.append(Line(change, str(one.pupil), str(title), *words, one.where))

    def _words(self, fields: dict) -> str:
        """«призёр, 2 место, Орлова М. П.»: what of an entry is not said by its event."""
        subject = self.subject_names.get(fields.get("subject_id"), "")
        shown = [name for name in COMPARED if fields.get(name) not in (None, "")]
        return ", ".join(filter(None, [*(_word(name, fields[name]) for name in shown), subject])) or "пусто"

    def _line(self, change: Change, item: Item, words: str) -> None:
        self.plan.lines.append(Line(change, item.name, words, where=item.where))


def key_of(pupil: User, fields: dict) -> str:
    """Of a record without a number of its own: pupil, event, day and subject; the rest may be corrected there."""
    told = (pupil.pk, title_key(fields["title"]), fields["date"].isoformat(), fields["subject_id"])
    return f"~{hashlib.sha256(repr(told).encode()).hexdigest()[:40]}"


def _differing(one: Wanted) -> list[str]:
    return [name for name, value in one.fields.items() if getattr(one.row, name) != value]


def subjects_by_name() -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for subject in Subject.objects.order_by("-pk"):
        names = [*subject.aliases.splitlines(), subject.short_name, subject.name]
        found |= {_folded(name): subject for name in names if _folded(name)}
    return found


def _folded(text: str) -> str:
    return " ".join(search.words(text))


def _word(name: str, value) -> str:
    if name == "grade_performed":
        return f"за {value} класс"
    return _LABELS[name](value).label if name in _LABELS else str(value)
