"""What files would change in the journal. The same plan is shown and, once confirmed, carried out (7.1, 11.2)."""

import datetime
import functools
import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from accounts.batches.outcomes import Change
from accounts.models import ImportBatch, SchoolClass, User
from eios.lib.memory import no_collecting
from eios.lib.russian import short_date
from journal import decisions, rights, scales
from journal.importing.items import Problem, Reading
from journal.importing.matching import Directory, Matched, Question
from journal.models import Absence, Gradebook, Kept, Mark, Result, ResultKind, SubgroupMember
from resources.models import Subject

# A gradebook by what makes it: class, subject, subgroup or None.
BookKey = tuple[int, int, int | None]


@dataclass(frozen=True)
class Line:
    """One row of the preview."""

    change: Change
    pupil: str
    subject: str
    what: str
    old: str
    new: str
    file: str
    where: str

    @property
    def is_told(self) -> bool:
        """A sentence rather than an old and a new value."""
        return self.change in (Change.ERROR, Change.PASSED)


@dataclass
class Plan:
    """`new` and others: model → {key: fields}; `before`: file → what its changes replace, as `Stored` rows."""

    matched: list[Matched]
    questions: list[Question]
    books: dict[BookKey, Gradebook] = field(default_factory=dict)
    # Gradebooks that files speak of → when the files were made, as they say it.
    spoken: dict[BookKey, set[datetime.datetime | None]] = field(default_factory=lambda: defaultdict(set))
    new: dict[type, dict[tuple, tuple]] = field(default_factory=lambda: defaultdict(dict))
    changed: dict[type, dict[tuple, tuple]] = field(default_factory=lambda: defaultdict(dict))
    gone: dict[type, dict[tuple, int]] = field(default_factory=lambda: defaultdict(dict))
    stored: dict[type, dict[tuple, object]] = field(default_factory=lambda: defaultdict(dict))
    origin: dict[tuple[type, tuple], tuple[int, str, str]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    same: int = 0

    @property
    def counts(self) -> Counter:
        found = Counter({Change.SAME: self.same})
        found.update(line.change for line in self.lines)
        return found

    @property
    def errors(self) -> int:
        return sum(line.change == Change.ERROR for line in self.lines)

    @property
    def changes_anything(self) -> bool:
        return any(any(rows.values()) for rows in (self.new, self.changed, self.gone))

    @property
    def ordered(self) -> list[Line]:
        order = list(Change)
        return sorted(self.lines, key=lambda line: order.index(line.change))

    @property
    def mark(self) -> str:
        """Tells whether the plan that was seen is the one that would be carried out."""
        text = repr([(one.change.name, one.pupil, one.what, one.old, one.new, one.where) for one in self.lines])
        return hashlib.sha256(f"{text}{self.same}".encode()).hexdigest()[:32]


@no_collecting()
def plan_of(batch: ImportBatch, *, asker: User, date: datetime.date) -> Plan:
    """The plan of all readable files of the batch; what the asker has no right to load is an error."""
    files = [(one, Reading.from_json(one.facts["reading"])) for one in batch.files.all() if one.facts.get("reading")]
    directory = Directory(batch, [reading for _, reading in files])
    matched = [directory.match(reading, one.name, one.pk) for one, reading in files]
    plan = Plan(matched, list(directory.questions.values()))
    _Builder(plan, asker, date).build()
    return plan


class _Builder:
    """Fills a plan in: what the files want, against what stands."""

    def __init__(self, plan: Plan, asker: User, date: datetime.date):
        self.plan, self.asker, self.date = plan, asker, date
        self.manages = rights.manages(asker)
        self.wanted: dict[type, dict[tuple, tuple]] = {Mark: {}, Absence: {}, Result: {}}
        self.covered: dict[tuple[BookKey, int], list[tuple[Matched, datetime.date, datetime.date]]] = defaultdict(list)
        # Pupil, year and subject, as results begin their keys → kind and number of the period → the file of it.
        self.periods: dict[tuple[int, int, int], dict[tuple[str, int], Matched]] = defaultdict(dict)
        self.titles: dict[tuple, tuple[str, str]] = {}
        self.people: dict[tuple[int, int], tuple[str, str]] = {}
        self.decisions: dict[int, decisions.Decided] = {}
        self.subgroups: dict[tuple[int, int], dict[int, int]] = {}

    def build(self) -> None:
        self._subgroups()
        allowed = [one for one in self.plan.matched if self._is_allowed(one)]
        self._books(allowed)
        for one in allowed:
            self._take(one)
        self._compare_cells(Mark)
        self._compare_cells(Absence)
        self._compare_results()

    # Who and where

    def _is_allowed(self, one: Matched) -> bool:
        for problem in one.reading.problems:
            self._blame(one, problem)
        for text in one.problems + one.remarks:
            self._blame(one, Problem("", text))
        for ask in one.reading.asks:
            self._blame(one, Problem("", ASKS[ask]))
        classes = {school_class for _, school_class in one.pupils.values()} | {one.school_class} - {None}
        foreign = [school_class for school_class in classes if not self._may_load(school_class)]
        if foreign:
            self._blame(one, Problem("", f"Отметки класса {foreign[0]} загружает его классный руководитель."))
        return not (foreign or one.problems or one.reading.asks) and one.year is not None

    def _may_load(self, school_class: SchoolClass) -> bool:
        return self.manages or rights.leads(self.asker, school_class)

    def _subgroups(self) -> None:
        """Who is in which subgroup: a subject that a class is taught in parts has a gradebook for each part."""
        classes = {school_class.pk for one in self.plan.matched for _, school_class in one.pupils.values()}
        rows = SubgroupMember.objects.filter(subgroup__school_class__in=classes).select_related("subgroup")
        for row in rows.order_by("starts", "pk"):
            key = row.subgroup.school_class_id, row.subgroup.subject_id
            self.subgroups.setdefault(key, {})[row.pupil_id] = row.subgroup_id

    def _key(self, school_class: SchoolClass, subject: Subject, pupil: User) -> BookKey:
        group = self.subgroups.get((school_class.pk, subject.pk), {}).get(pupil.pk)
        return school_class.pk, subject.pk, group

    def _books(self, allowed: list[Matched]) -> None:
        """Gradebooks that are there, and unsaved ones that applying makes."""
        wanted: dict[BookKey, tuple[SchoolClass, Subject]] = {}
        for one in allowed:
            for pupil, school_class in one.pupils.values():
                for subject in one.subjects.values():
                    wanted[self._key(school_class, subject, pupil)] = school_class, subject
        rows = Gradebook.objects.filter(school_class__in={key[0] for key in wanted})
        for row in rows.select_related("school_class", "subject"):
            key = row.school_class_id, row.subject_id, row.subgroup_id
            if key in wanted:
                self.plan.books[key] = row
        for key, (school_class, subject) in wanted.items():
            if key not in self.plan.books:
                made = Gradebook(school_class=school_class, subject=subject, subgroup_id=key[2])
                self.plan.books[key] = decisions.settle(made, self._decided(school_class))

    def _decided(self, school_class: SchoolClass) -> decisions.Decided:
        if school_class.year_id not in self.decisions:
            self.decisions[school_class.year_id] = decisions.of_year(school_class.year)
        return self.decisions[school_class.year_id]

    # What the files want

    def _take(self, one: Matched) -> None:
        refused: set[BookKey] = set()
        # Of a file that was not read whole nobody can say what is no longer in it.
        is_whole = not (one.reading.problems or one.remarks)
        for pupil, school_class in one.pupils.values():
            for subject in one.subjects.values():
                key = self._key(school_class, subject, pupil)
                if self.plan.books[key].kept == Kept.HERE:
                    if key not in refused:
                        words = f"{subject}, {school_class}: журнал ведётся на портале, файл его не меняет."
                        self._blame(one, Problem("", words), change=Change.PASSED)
                    refused.add(key)
                    continue
                self.plan.spoken[key].add(one.reading.as_of)
                if is_whole and one.reading.starts:
                    self.covered[key, pupil.pk].append((one, one.reading.starts, one.reading.ends))
                if is_whole:
                    for period in one.reading.periods:
                        self.periods[pupil.pk, one.year.pk, subject.pk][period] = one
                self.titles[key, pupil.pk] = self.people[pupil.pk, subject.pk] = str(pupil), subject.name
        for item in one.reading.dated:
            self._dated(one, item, refused)
        for item in one.reading.outcomes:
            self._outcome(one, item, refused)

    def _place(self, one: Matched, item, refused: set[BookKey]) -> tuple[BookKey, User] | None:
        pair, subject = one.pupils.get(item.pupil), one.subjects.get(item.subject)
        if pair is None or subject is None:
            return None
        key = self._key(pair[1], subject, pair[0])
        return None if key in refused else (key, pair[0])

    def _dated(self, one: Matched, item, refused: set[BookKey]) -> None:
        found = self._place(one, item, refused)
        if found is None:
            return
        key, pupil = found
        if item.date > self.date:
            self._blame(one, Problem(item.where, f"{short_date(item.date)} ещё не наступило."), item)
            return
        for place, text in enumerate(item.marks, 1):
            try:
                value = scales.read_mark(text, self.plan.books[key].scale)
            except ValueError as error:
                self._blame(one, Problem(item.where, str(error)), item)
                continue
            self._want(Mark, (key, pupil.pk, item.date, item.slot, place), value, one, item)
        if item.code:
            self._want(Absence, (key, pupil.pk, item.date, item.slot), (item.code,), one, item)

    def _outcome(self, one: Matched, item, refused: set[BookKey]) -> None:
        found = self._place(one, item, refused)
        if found is None:
            return
        key, pupil = found
        try:
            value = scales.read_result(item.value, self.plan.books[key].scale) if item.value else ""
        except ValueError as error:
            self._blame(one, Problem(item.where, str(error)), item)
            return
        average = Decimal(item.average).quantize(scales.CENT) if item.average else None
        row = pupil.pk, one.year.pk, key[1], item.kind, item.number
        self._want(Result, row, (value, average, key), one, item)

    def _want(self, model: type, key: tuple, fields: tuple, one: Matched, item) -> None:
        """Two files may say the same of one cell; what they say differently is for a person to settle."""
        known = self.wanted[model].get(key)
        if known is not None and known != fields:
            key_of, file, where = self.plan.origin[model, key]
            place = where if key_of == one.key else f"файл «{file}», {where}"
            words = f"Об этом уже сказано иначе: {place}. Оставьте что-то одно; пока взято сказанное там."
            self._blame(one, Problem(item.where, words), item)
            return
        self.wanted[model][key] = fields
        self.plan.origin.setdefault((model, key), (one.key, one.file, item.where))

    def _blame(self, one: Matched, problem: Problem, item=None, change: Change = Change.ERROR) -> None:
        pupil, subject = (item.pupil, item.subject) if item else ("", "")
        self.plan.lines.append(Line(change, pupil, subject, problem.text, "", "", one.file, problem.where))

    # Against what stands

    def _compare_cells(self, model: type) -> None:
        wanted = self.wanted[model]
        books = {row.pk: key for key, row in self.plan.books.items() if row.pk}
        starts = min((days[1] for spans in self.covered.values() for days in spans), default=None)
        stored = {}
        if starts is not None and books:
            ends = max(days[2] for spans in self.covered.values() for days in spans)
            rows = model.objects.filter(gradebook__in=books, date__gte=starts, date__lte=ends)
            for row in rows.iterator(chunk_size=5000):
                key = _cell_key(model, books[row.gradebook_id], row)
                if key in wanted or self._covers(key):
                    stored[key] = row
        self._settle(model, wanted, stored, lambda row: _cell_fields(model, row))

    def _covers(self, key: tuple) -> Matched | None:
        spans = self.covered.get((key[0], key[1]), ())
        return next((one for one, starts, ends in spans if starts <= key[2] <= ends), None)

    def _compare_results(self) -> None:
        wanted = self.wanted[Result]
        subjects = {key[2] for key in self.periods} | {key[2] for key in wanted}
        years = {one.year.pk for one in self.plan.matched if one.year}
        pupils = {key[0] for key in self.periods} | {key[0] for key in wanted}
        stored = {}
        if pupils:
            rows = Result.objects.filter(year__in=years, subject__in=subjects, pupil__in=list(pupils))
            keys = {row.pk: key for key, row in self.plan.books.items() if row.pk}
            for row in rows.select_related("gradebook").iterator(chunk_size=5000):
                key = row.pupil_id, row.year_id, row.subject_id, row.kind, row.number
                is_ours = row.gradebook_id in keys
                if key in wanted and not is_ours and row.gradebook.kept == Kept.HERE:
                    self._line(
                        Change.PASSED, Result, key, "", "", "Результат поставлен на портале, файл его не меняет."
                    )
                    del wanted[key]
                elif key in wanted or (is_ours and self._covering(key)):
                    # Of a gradebook of a former class or subgroup: the result comes over to this one.
                    row.book_key = keys.get(row.gradebook_id)
                    stored[key] = row
        self._settle(Result, wanted, stored, lambda row: (row.value, row.average, row.book_key))

    def _settle(self, model: type, wanted: dict, stored: dict, fields_of) -> None:
        plan = self.plan
        for key, fields in wanted.items():
            row = stored.get(key)
            if row is None:
                plan.new[model][key] = fields
                self._line(Change.NEW, model, key, "", _shown(model, fields))
            elif fields_of(row) != fields:
                plan.changed[model][key] = fields
                plan.stored[model][key] = row
                self._line(Change.CHANGED, model, key, _shown(model, fields_of(row)), _shown(model, fields))
            else:
                plan.same += 1
        for key, row in stored.items():
            if key not in wanted:
                one = self._covers(key) if model is not Result else self._covering(key)
                plan.gone[model][key] = one.key
                plan.stored[model][key] = row
                plan.origin[model, key] = one.key, one.file, ""
                self._line(Change.GONE, model, key, _shown(model, fields_of(row)), "")

    def _covering(self, key: tuple) -> Matched | None:
        return self.periods.get(key[:3], {}).get(key[3:])

    def _line(self, change: Change, model: type, key: tuple, old: str, new: str, words: str = "") -> None:
        _, file, where = self.plan.origin[model, key]
        if model is Result:
            titles = self.people.get((key[0], key[2]), ("", ""))
            what = PERIODS[key[3]].format(key[4])
        else:
            titles, what = self.titles[key[0], key[1]], _day(key[2])
        self.plan.lines.append(Line(change, *titles, words or what, old, new, file, where))


ASKS = {
    "year": "В файле не назван учебный год: укажите его.",
    "class": "В файле не назван класс: укажите его.",
    "subject": "В файле не назван предмет: укажите его.",
    "pupil": "В файле не назван ученик: укажите его.",
    "period": "В файле не назван учебный период: укажите его.",
}
PERIODS = {
    ResultKind.TERM: "{}-й период", ResultKind.YEAR: "год", ResultKind.EXAM: "экзамен", ResultKind.FINAL: "итог",
}  # fmt: skip


# Very many lines speak of few days.
_day = functools.lru_cache(maxsize=1000)(short_date)


def _cell_key(model: type, book: BookKey, row) -> tuple:
    key = book, row.pupil_id, row.date, row.slot
    return (*key, row.place) if model is Mark else key


def _cell_fields(model: type, row) -> tuple:
    return (row.value, row.number) if model is Mark else (row.code,)


def _shown(model: type, fields: tuple) -> str:
    if model is Absence:
        return Absence.Code(fields[0]).label
    if model is Mark:
        return fields[0]
    value, average, _ = fields
    tail = f"средняя {str(average.normalize()).replace('.', ',')}" if average is not None else ""
    return ", ".join(filter(None, [value, tail]))
