"""What an importer reads out of a file, before anybody knows whom and what its words mean. Pure."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Dated:
    """A cell of a lesson: its marks in order, and a code of absence, ours (`Absence.Code`) or ""."""

    pupil: str
    subject: str
    date: datetime.date
    slot: int
    marks: tuple[str, ...]
    code: str
    where: str


@dataclass(frozen=True)
class Outcome:
    """A result: `kind` and `number` as `Result` has them; `value` as the file says it, `average` in its own digits."""

    pupil: str
    subject: str
    kind: str
    number: int
    value: str
    average: str
    where: str


@dataclass(frozen=True)
class Problem:
    """What could not be read: where (row and column as the spreadsheet calls them) and why."""

    where: str
    text: str


@dataclass
class Reading:
    """A file's contents. `pupils` and `subjects` are all that it names, with marks or without; `starts`–`ends` are the
    days and `periods` the (kind, number) that it speaks of: what the journal has there and the file has not, is gone.
    """

    importer: str
    title: str
    year: int = 0
    class_name: str = ""
    as_of: datetime.datetime | None = None
    starts: datetime.date | None = None
    ends: datetime.date | None = None
    pupils: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    periods: list[tuple[str, int]] = field(default_factory=list)
    dated: list[Dated] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # What the file leaves open, and the one who loads it has to say: «period», «class», «subject», «year».
    asks: list[str] = field(default_factory=list)

    def to_json(self) -> dict:
        plain = dict(self.__dict__)
        for name in ("as_of", "starts", "ends"):
            plain[name] = plain[name].isoformat() if plain[name] else None
        plain["dated"] = [
            [one.pupil, one.subject, one.date.isoformat(), one.slot, list(one.marks), one.code, one.where]
            for one in self.dated
        ]
        plain["outcomes"] = [list(one.__dict__.values()) for one in self.outcomes]
        plain["problems"] = [[one.where, one.text] for one in self.problems]
        return plain

    @classmethod
    def from_json(cls, plain: dict) -> "Reading":
        found = cls(**plain)
        found.as_of = datetime.datetime.fromisoformat(plain["as_of"]) if plain["as_of"] else None
        for name in ("starts", "ends"):
            setattr(found, name, datetime.date.fromisoformat(plain[name]) if plain[name] else None)
        found.dated = [
            Dated(pupil, subject, datetime.date.fromisoformat(date), slot, tuple(marks), code, where)
            for pupil, subject, date, slot, marks, code, where in plain["dated"]
        ]
        found.outcomes = [Outcome(*one) for one in plain["outcomes"]]
        found.problems = [Problem(*one) for one in plain["problems"]]
        found.periods = [tuple(one) for one in plain["periods"]]
        return found
