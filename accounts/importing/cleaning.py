"""A located row of a file → an unsaved row of a sheet, with everything that is wrong about it. No queries here."""

import datetime
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.importing.columns import PARENTS, Kind
from accounts.models import (
    AcademicYear,
    MethodGroup,
    Position,
    RegistrationSheet,
    Relation,
    SchoolClass,
    SheetRow,
    User,
)
from accounts.models.registration import name_key
from accounts.models.school import parse_class_name
from eios.lib import tables
from eios.lib.tables import values

_LATIN, _CYRILLIC = re.compile(r"[A-Za-z]"), re.compile(r"[А-Яа-яЁё]")
_NAME = re.compile(r"[^\W\d_]+(?:[-'’ .][^\W\d_]+\.?)*\.?")
_YEAR = re.compile(r"(\d{4})(?:\s*[/\-–—]\s*(\d{2}|\d{4}))?")
_SMALL = ("оглы", "кызы", "оглу", "гызы")
_DIGITS_OF_PHONE = 5
_KINDS = {
    "мать": Relation.Kind.MOTHER, "мама": Relation.Kind.MOTHER, "отец": Relation.Kind.FATHER,
    "папа": Relation.Kind.FATHER, "опекун": Relation.Kind.GUARDIAN, "попечитель": Relation.Kind.GUARDIAN,
}  # fmt: skip


@dataclass(frozen=True)
class Remark:
    """What is wrong or unusual about a row; `column` is its title in the file, "" for the row as a whole."""

    text: str
    column: str = ""
    is_error: bool = True


@dataclass
class Record:
    """One row of the file. `fields`: which fields of the sheet's row the file speaks of at all.

    The checks add `candidate`, an account that may be of the same human being, and `is_fact`: it is so already.
    """

    number: int
    sheet: str
    row: SheetRow
    fields: tuple[str, ...]
    remarks: list[Remark] = field(default_factory=list)
    year: AcademicYear | None = None
    grade: tuple[int, str] | None = None
    candidate: User | None = None
    is_fact: bool = False

    def blame(self, text: str, column: str = "") -> None:
        self.remarks.append(Remark(text, column))

    def warn(self, text: str, column: str = "") -> None:
        self.remarks.append(Remark(text, column, is_error=False))

    @property
    def class_name(self) -> str:
        """The class that the row is about, whether it is there already or not."""
        if self.grade is None:
            return str(self.row.school_class or "—")
        return SchoolClass(grade=self.grade[0], letter=self.grade[1]).name

    @property
    def has_errors(self) -> bool:
        return any(remark.is_error for remark in self.remarks)


@dataclass(frozen=True)
class Dictionaries:
    """What names in the file may mean: loaded once for all rows."""

    years: list[AcademicYear]
    classes: dict[tuple[int, int, str], SchoolClass]
    positions: dict[str, Position]
    groups: dict[str, MethodGroup]
    date: datetime.date

    @classmethod
    def load(cls, date: datetime.date) -> "Dictionaries":
        classes = SchoolClass.objects.select_related("year").filter(year__ends__gte=date)
        positions = list(Position.objects.all())
        by_name = {name_key(one.name): one for one in positions} | {one.code: one for one in positions}
        return cls(
            years=list(AcademicYear.objects.filter(ends__gte=date).order_by("starts")),
            classes={(one.year_id, one.grade, one.letter): one for one in classes},
            positions=by_name,
            groups={name_key(one.name): one for one in MethodGroup.objects.all()},
            date=date,
        )

    @property
    def year(self) -> AcademicYear | None:
        """The current year, or the one that comes next."""
        return self.years[0] if self.years else None

    def school_class(self, grade: tuple[int, str], year: AcademicYear | None = None) -> SchoolClass | None:
        year = year or self.year
        return self.classes.get((year.pk, *grade)) if year else None


def clean(source: tables.Row, sheet: RegistrationSheet, known: Dictionaries) -> Record:
    """The row with its remarks; whatever could be read is read, so that all mistakes are told at once."""
    record = Record(source.number, source.sheet, SheetRow(sheet=sheet, school_class=sheet.school_class), ())
    record.fields = tuple(dict.fromkeys(_FIELD_OF.get(key, key) for key in source.titles if key in _FIELD_OF))
    CLEANERS[sheet.kind](source, record, known)
    _check_fields(source, record)
    record.row.prepare()
    return record


# Column → the field of SheetRow that it fills.
_FIELD_OF = {
    **{key: key for key in ("surname", "name", "patronymic", "birth_date", "school_class", "file_number", "phone")},
    **{key: key for key in ("email", "note", "position", "method_group")},
    **{f"{code}_{part}": "parents" for code in PARENTS for part in ("name", "phone", "email", "document", "kind")},
}


def _clean_pupil(source: tables.Row, record: Record, known: Dictionaries) -> None:
    _clean_names(source, record)
    _clean_birth_date(source, record, known, is_needed=True)
    _clean_contacts(source, record)
    record.row.file_number = source.text("file_number")
    record.row.parents = [parent for code in _parents_in(source) if (parent := _parent(source, record, code))]
    if source.title("school_class"):
        _clean_class(source, record, known, is_needed=record.row.school_class is None)


def _clean_employee(source: tables.Row, record: Record, known: Dictionaries) -> None:
    _clean_names(source, record)
    _clean_birth_date(source, record, known, is_needed=False)
    _clean_contacts(source, record)
    record.row.position = _named(source, record, "position", known.positions)
    record.row.method_group = _named(source, record, "method_group", known.groups)
    if not source.text("position"):
        record.blame("Должность не указана.", source.title("position"))
    _clean_class(source, record, known, is_needed=False)


def _clean_school_class(source: tables.Row, record: Record, known: Dictionaries) -> None:
    record.year = _year(source, record, known)
    record.grade = _grade(source, record)
    record.row.school_class = known.school_class(record.grade, record.year) if record.grade and record.year else None
    if source.text("full_name"):
        _clean_names(source, record)


CLEANERS = {Kind.PUPILS: _clean_pupil, Kind.STAFF: _clean_employee, Kind.CLASSES: _clean_school_class}


# Names


def _clean_names(source: tables.Row, record: Record) -> None:
    row = record.row
    parts = split_name(source.text("full_name")) if source.text("full_name") else ("", "", "")
    for name, whole in zip(("surname", "name", "patronymic"), parts, strict=True):
        text = cased(source.text(name) or whole)
        setattr(row, name, text)
        if problem := name_problem(text):
            record.blame(problem, source.title(name) or source.title("full_name"))
    if source.title("full_name"):
        record.fields = tuple(dict.fromkeys((*record.fields, "surname", "name", "patronymic")))
    for name, words in (("surname", "Фамилия не указана."), ("name", "Имя не указано.")):
        if not getattr(row, name):
            record.blame(words, source.title(name) or source.title("full_name"))


def split_name(full_name: str) -> tuple[str, str, str]:
    """«Ёлкин Тимофей Олегович» → surname, name, patronymic, which may be of several words."""
    parts = full_name.split(maxsplit=2)
    return tuple([*parts, "", "", ""][:3])


def cased(text: str) -> str:
    """«ИВАНОВ» and «иванов» → «Иванов»; what has letters of both cases stays as it was typed."""
    if not (text.isupper() or text.islower()):
        return text
    words = re.split(r"([- ])", text.lower())
    return "".join(word if word in _SMALL else word.capitalize() for word in words)


def name_problem(text: str) -> str:
    """What is wrong with a part of a name, or ""."""
    if text and not _NAME.fullmatch(text):
        return f"«{text[:40]}» не похоже на имя: в нём цифры или лишние знаки."
    if _LATIN.search(text) and _CYRILLIC.search(text):
        letters = ", ".join(dict.fromkeys(_LATIN.findall(text)))
        return f"«{text[:40]}»: латинские буквы среди русских ({letters}). Наберите имя заново."
    return ""


# Dates, contacts, dictionaries


def _clean_birth_date(source: tables.Row, record: Record, known: Dictionaries, *, is_needed: bool) -> None:
    title = source.title("birth_date")
    try:
        record.row.birth_date = values.date(source.values.get("birth_date"), latest=known.date)
    except ValueError as error:
        record.blame(str(error), title)
        return
    if record.row.birth_date is None and is_needed:
        record.blame("Дата рождения не указана.", title)
    if record.row.birth_date and record.row.birth_date > known.date:
        record.blame("Дата рождения ещё не наступила.", title)


def _clean_contacts(source: tables.Row, record: Record) -> None:
    record.row.phone, record.row.email = source.text("phone"), source.text("email")
    record.row.note = source.text("note")
    if problem := phone_problem(record.row.phone):
        record.blame(problem, source.title("phone"))


def phone_problem(text: str) -> str:
    if text and sum(letter.isdigit() for letter in text) < _DIGITS_OF_PHONE:
        return f"«{text[:40]}» не похоже на телефон."
    return ""


def _named(source: tables.Row, record: Record, key: str, known: dict):
    text = source.text(key)
    if not text:
        return None
    found = known.get(name_key(text)) or known.get(text)
    if found is None:
        record.blame(f"«{text[:60]}» нет в справочнике портала.", source.title(key))
    return found


def _clean_class(source: tables.Row, record: Record, known: Dictionaries, *, is_needed: bool) -> None:
    title = source.title("school_class")
    if not source.text("school_class"):
        if is_needed:
            record.blame("Класс не указан.", title)
        return
    grade, own = _grade(source, record), record.row.sheet.school_class
    if grade is None:
        return
    if own:
        if grade != (own.grade, own.letter):
            record.blame(f"Это ведомость класса {own}, а указан другой класс.", title)
        return
    record.row.school_class = known.school_class(grade)
    if record.row.school_class is None:
        record.blame(f"Класса «{source.text('school_class')}» в школе нет: сначала загрузите классы.", title)


def _grade(source: tables.Row, record: Record) -> tuple[int, str] | None:
    try:
        return parse_class_name(source.text("school_class"))
    except ValidationError as error:
        record.blame(error.messages[0], source.title("school_class"))
        return None


def _year(source: tables.Row, record: Record, known: Dictionaries) -> AcademicYear | None:
    text = source.text("year")
    title = source.title("year")
    match = _YEAR.fullmatch(text)
    if text and not match:
        record.blame(f"«{text[:40]}» не похоже на учебный год. Напишите, например, 2026/2027.", title)
        return None
    found = next((one for one in known.years if not text or one.starts.year == int(match[1])), None)
    if found is None:
        record.blame("Такой учебный год не открыт: его открывает системный администратор.", title)
    return found


# Representatives


def _parents_in(source: tables.Row) -> list[str]:
    """Representatives of whom the file has any column."""
    return [code for code in PARENTS if any(key.startswith(f"{code}_") for key in source.titles)]


def _parent(source: tables.Row, record: Record, code: str) -> dict | None:
    """The data of a representative as lines of orders have them; None where there is nothing."""
    data = {part: source.text(f"{code}_{part}") for part in ("name", "phone", "email", "document", "kind")}
    if not any(data.values()):
        return None
    surname, name, patronymic = (cased(part) for part in split_name(data["name"]))
    parent = {"surname": surname, "name": name, "patronymic": patronymic, "kind": _kind_of(data["kind"], code)}
    parent |= {part: data[part] for part in ("phone", "email", "document")}
    for part, problem in parent_problems(parent).items():
        record.blame(problem, source.title(f"{code}_{part}") or source.title(f"{code}_name"))
    if source.title(f"{code}_document") and not parent["document"]:
        record.warn("Не указан документ: родство будет внесено на основании приказа.", source.title(f"{code}_document"))
    return parent


def _kind_of(words: str, code: str) -> str:
    if not words:
        return PARENTS[code][0]
    return next((kind for word, kind in _KINDS.items() if word in words.casefold()), Relation.Kind.OTHER)


def parent_problems(parent: dict) -> dict[str, str]:
    """What is wrong with a representative's data, by the part that is to be mended."""
    found = {}
    if not (parent["surname"] and parent["name"]):
        found["name"] = "Напишите фамилию и имя представителя."
    elif problem := next(filter(None, (name_problem(parent[part]) for part in ("surname", "name", "patronymic"))), ""):
        found["name"] = problem
    if problem := phone_problem(parent["phone"]):
        found["phone"] = problem
    try:
        if parent["email"]:
            validate_email(parent["email"])
    except ValidationError:
        found["email"] = f"«{parent['email'][:60]}» не похоже на адрес электронной почты."
    limits = {"surname": 80, "name": 80, "patronymic": 80, "phone": 40, "document": 300}
    return found | {
        part if part in ("phone", "document") else "name": "Слишком длинно."
        for part, most in limits.items()
        if len(parent[part]) > most
    }


def _check_fields(source: tables.Row, record: Record) -> None:
    """Lengths and addresses, as the model has them; emptiness has been told already."""
    names = ("surname", "name", "patronymic", "email", "phone", "file_number", "note")
    everything = {one.name for one in SheetRow._meta.fields}
    try:
        record.row.clean_fields(exclude=everything - {name for name in names if getattr(record.row, name)})
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for message in messages:
                record.blame(message, source.title(name) or source.title("full_name"))
