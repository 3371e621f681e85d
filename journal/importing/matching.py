"""Whom and what the words of files mean: classes, pupils, subjects; what nobody has decided yet becomes a question."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from accounts.batches.outcomes import SKIP
from accounts.models import AcademicYear, Enrolment, ImportBatch, ImportMapping, SchoolClass, User
from accounts.models.registration import name_key
from accounts.models.school import parse_class_name
from eios.lib import search
from journal.importing.items import Reading
from resources.models import Subject

SUBJECT, PUPIL = "subject", "pupil"
LONGEST = 200


@dataclass(frozen=True)
class Question:
    """A word that means nothing known, or several things: `choices` are (value, title)."""

    kind: str
    scope: str
    text: str
    file: str
    choices: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        return f"{self.kind}|{self.scope}|{self.text}"

    @property
    def decision(self) -> tuple[str, str, str]:
        """As `remember` keeps it, but for the meaning."""
        return self.kind, self.scope, self.text


@dataclass
class Matched:
    """A reading with what its words mean; what is missing from `pupils` and `subjects` is skipped or asked."""

    reading: Reading
    file: str
    key: int
    year: AcademicYear | None = None
    school_class: SchoolClass | None = None
    # Name in the file → the pupil and the class that the gradebook is of.
    pupils: dict[str, tuple[User, SchoolClass]] = field(default_factory=dict)
    subjects: dict[str, Subject] = field(default_factory=dict)
    # Why the file can't be loaded at all, and what of it can't.
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Directory:
    """What names may mean in the years that the files are of: a handful of queries for any number of files."""

    def __init__(self, batch: ImportBatch, readings: Iterable[Reading]):
        starts = {reading.year for reading in readings if reading.year}
        years = AcademicYear.objects.filter(starts__year__in=starts)
        self.years = {one.starts.year: one for one in years}
        classes = SchoolClass.objects.filter(year__in=self.years.values()).select_related("year")
        self.classes = {(one.year_id, one.grade, one.letter): one for one in classes}
        self.pupils: dict[int, dict[str, list[tuple[User, SchoolClass]]]] = defaultdict(lambda: defaultdict(list))
        # The same by each beginning of the name: a file may have no patronymic.
        self.beginnings: dict[int, dict[str, list[tuple[User, SchoolClass]]]] = defaultdict(lambda: defaultdict(list))
        self.by_pk: dict[tuple[int, str], list[tuple[User, SchoolClass]]] = defaultdict(list)
        self.members: dict[int, dict[int, User]] = defaultdict(dict)
        rows = Enrolment.objects.filter(school_class__in=self.classes.values()).select_related("pupil")
        by_key = {one.pk: one for one in self.classes.values()}
        for row in rows.order_by("-starts", "-pk"):
            school_class = by_key[row.school_class_id]
            if row.pupil_id not in self.members[school_class.pk]:
                self.members[school_class.pk][row.pupil_id] = row.pupil
                self._enter(row.pupil, school_class)
        self.subjects = list(Subject.objects.all())
        self.named = _names_of(self.subjects)
        self.subject_by_pk = {str(one.pk): one for one in self.subjects}
        rows = ImportMapping.objects.filter(purpose=batch.purpose, source=batch.source)
        self.decided = {(one.kind, one.scope, one.text): one.meaning for one in rows}
        self.questions: dict[str, Question] = {}

    def _enter(self, pupil: User, school_class: SchoolClass) -> None:
        year, key, pair = school_class.year_id, name_key(pupil.get_full_name()), (pupil, school_class)
        self.pupils[year][key].append(pair)
        self.by_pk[year, str(pupil.pk)].append(pair)
        words = key.split()
        for count in range(1, len(words)):
            self.beginnings[year][" ".join(words[:count])].append(pair)

    def match(self, reading: Reading, file: str, key: int) -> Matched:
        found = Matched(reading, file, key)
        found.year = self.years.get(reading.year)
        if found.year is None:
            if reading.year:
                found.problems.append(f"Учебного года {reading.year}/{reading.year + 1} на портале нет.")
            return found
        if reading.class_name and not self._class(found):
            return found
        for text in (*reading.subjects, *reading.pupils):
            if len(text) > LONGEST:
                found.remarks.append(f"«{text[:40]}…»: слишком длинное название, это не предмет и не ученик.")
        for text in reading.subjects:
            if len(text) <= LONGEST and (subject := self._subject(text, file)):
                found.subjects[text] = subject
        for text in reading.pupils:
            if len(text) <= LONGEST and (pair := self._pupil(found, text)):
                found.pupils[text] = pair
        return found

    def _class(self, found: Matched) -> bool:
        name = found.reading.class_name
        try:
            found.school_class = self.classes.get((found.year.pk, *parse_class_name(name)))
        except ValidationError as error:
            found.problems += error.messages
            return False
        if found.school_class is None:
            found.problems.append(f"Класса «{name}» в {found.year} учебном году на портале нет.")
        return found.school_class is not None

    def _subject(self, text: str, file: str) -> Subject | None:
        decided = self.decided.get((SUBJECT, "", text))
        if decided == SKIP:
            return None
        if decided:
            return self.subject_by_pk.get(decided)
        for name in (text, *reversed(text.split("/"))):
            subjects = self.named.get(_folded(name), set())
            if len(subjects) == 1:
                return next(iter(subjects))
        self._ask(SUBJECT, "", text, file, [(str(one.pk), one.name) for one in self.subjects])
        return None

    def _pupil(self, found: Matched, text: str) -> tuple[User, SchoolClass] | None:
        scope = str(found.school_class.pk) if found.school_class else f"год {found.year.pk}"
        decided = self.decided.get((PUPIL, scope, text))
        if decided == SKIP:
            return None
        namesakes = self._namesakes(found.year, text)
        here = [one for one in namesakes if found.school_class in (None, one[1])]
        if decided:
            chosen = self._by_key(found, decided)
            return chosen or None
        if len({pupil.pk for pupil, _ in here}) == 1:
            # Of two classes of one year the later one keeps the gradebook.
            return here[0]
        if namesakes and not here:
            other = namesakes[0][1]
            found.remarks.append(f"{text}: числится в классе {other}, а файл о классе {found.school_class}.")
            return None
        people = here or self._offered(found)
        self._ask(PUPIL, scope, text, found.file, [(str(pupil.pk), f"{pupil}, {where}") for pupil, where in people])
        return None

    def _namesakes(self, year: AcademicYear, text: str) -> list[tuple[User, SchoolClass]]:
        """By the whole name, or by surname and name where the file has no patronymic."""
        names = self.pupils[year.pk]
        key = name_key(text)
        if key in names:
            return names[key]
        if len(text.split()) > 2:
            return []
        return self.beginnings[year.pk].get(key, [])

    def _offered(self, found: Matched) -> list[tuple[User, SchoolClass]]:
        classes = [found.school_class] if found.school_class else []
        people = [(pupil, one) for one in classes for pupil in self.members[one.pk].values()]
        return sorted(people, key=lambda pair: pair[0].sort_name)

    def _by_key(self, found: Matched, key: str) -> tuple[User, SchoolClass] | None:
        """The pupil who was chosen, in the file's class or in the own one of the year."""
        pairs = self.by_pk.get((found.year.pk, key), [])
        return next((pair for pair in pairs if found.school_class in (None, pair[1])), None)

    def _ask(self, kind: str, scope: str, text: str, file: str, choices: list[tuple[str, str]]) -> None:
        question = Question(kind, scope, text, file, tuple(choices))
        self.questions.setdefault(question.key, question)


def _names_of(subjects: list[Subject]) -> dict[str, set[Subject]]:
    found = defaultdict(set)
    for subject in subjects:
        for name in (subject.name, subject.short_name, *subject.aliases.splitlines()):
            if name.strip():
                found[_folded(name)].add(subject)
    return found


def _folded(text: str) -> str:
    return " ".join(search.words(text))
