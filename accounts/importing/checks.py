"""What is checked about each row: one function a question, each adding its remarks to the record. No queries here."""

from collections.abc import Callable

from accounts.importing.cleaning import Record
from accounts.importing.columns import Kind
from accounts.importing.known import Known, may_know_class
from accounts.models import SchoolClass, SheetRow, User
from accounts.models.registration import name_key
from eios.lib import russian
from eios.lib.dates import age_on

# A child of grade 1 is 6 to 8 on 1 September: grade + 5 … grade + 7. Further away it is odd, far away it is a mistake.
USUAL, POSSIBLE = (5, 8), (3, 11)


def age(record: Record, known: Known, asker: User) -> None:
    """The age on 1 September against the grade: odd ones are remarked, impossible ones are mistakes."""
    row = record.row
    if row.birth_date is None or row.school_class is None or row.birth_date > known.date:
        return
    grade, years = row.school_class.grade, age_on(row.birth_date, row.school_class.year.starts)
    words = f"{years} {russian.plural(years, 'год', 'года', 'лет')}"
    if not grade + POSSIBLE[0] <= years <= grade + POSSIBLE[1]:
        record.blame(f"Дата рождения {russian.short_date(row.birth_date)}: {words} для {grade} класса не бывает.")
    elif not grade + USUAL[0] <= years <= grade + USUAL[1]:
        record.warn(f"Необычный возраст для {grade} класса: {words}. Проверьте дату рождения.")


def enrolled(record: Record, known: Known, asker: User) -> None:
    """A pupil of the class already → a request for credentials; of another class → a transfer is what is needed.

    Somebody who was here before, or is known otherwise, is offered: it is for a human being to recognise the other.
    """
    row = record.row
    if not (row.surname and row.name and row.birth_date):
        return
    namesakes = known.namesakes(row)
    for person in namesakes:
        current = known.enrolment(person) if person.birth_date == row.birth_date else None
        if current is None:
            continue
        if current.school_class_id == row.school_class_id:
            # Of one's own class the credentials are asked for; a load of the whole school has nothing to do.
            row.person, record.is_fact = person, row.sheet.school_class_id is None
        elif not row.is_other:
            record.blame(_elsewhere(current.school_class, asker))
        return
    _offer(record, namesakes)


def _elsewhere(school_class: SchoolClass, asker: User) -> str:
    if may_know_class(asker, school_class):
        return f"Уже числится в классе {school_class}: нужен приказ о переводе, а не о зачислении."
    return "Уже числится в другом классе школы: нужен приказ о переводе. Обратитесь к руководству школы."


def _offer(record: Record, people: list[User]) -> None:
    if people and not record.row.is_other and record.row.person is None:
        record.candidate = people[0]
        record.warn("Человек с таким именем и датой рождения уже был в школе: решите, он ли это.")


def employed(record: Record, known: Known, asker: User) -> None:
    """Who works here already is the same person; somebody known otherwise is offered."""
    row = record.row
    if not (row.surname and row.name):
        return
    namesakes = known.namesakes(row)
    working = next((one for one in namesakes if known.posts(one)), None)
    if working is not None and not row.is_other:
        row.person = working
        held = {post.position_id for post in known.posts(working)}
        leads = {post.school_class_id for post in known.posts(working)} - {None}
        is_there = row.position_id in held and (row.school_class_id is None or row.school_class_id in leads)
        record.is_fact = is_there
        return
    _offer(record, namesakes)


def leader(record: Record, known: Known, asker: User) -> None:
    """A class has one class teacher."""
    row = record.row
    if row.school_class is None or not row.surname:
        return
    current = known.led.get(row.school_class_id)
    if current is None or current.person_id == row.person_id:
        return
    if name_key(current.person.get_full_name()) == row.name_key:
        row.person = current.person
    else:
        record.warn(f"Класс {row.school_class} сейчас ведёт другой человек: {current.person}.")


def other_sheets(record: Record, known: Known, asker: User) -> None:
    """The same human being in another sheet would be registered twice; in a sheet of the order, he is there already."""
    for other in known.pending(record.row):
        if record.row.position_id != other.position_id:
            continue
        if other.sheet.is_taken and other.sheet.school_class_id == record.row.sheet.school_class_id:
            record.is_fact = True
            record.warn("Уже внесён в приказ, который ещё не исполнен.")
            return
        place = other.school_class or other.sheet.school_class
        where = f": {place}" if place and may_know_class(asker, place) else ""
        record.blame(f"Уже есть в другой ведомости{where}. Один человек регистрируется один раз.")
        return


def leader_in_order(record: Record, known: Known, asker: User) -> None:
    """The class teacher of the class stands in an order already."""
    same = [one for one in known.pending(record.row) if one.school_class_id == record.row.school_class_id]
    record.is_fact = bool(record.row.surname and same)


Check = Callable[[Record, Known, User], None]
CHECKS: dict[str, tuple[Check, ...]] = {
    Kind.PUPILS: (age, enrolled, other_sheets),
    Kind.STAFF: (employed, leader, other_sheets),
    Kind.CLASSES: (leader, leader_in_order),
}


def duplicates(records: list[Record]) -> None:
    """Rows of one sheet about one human being; names alike with other birth dates are only remarked."""
    first: dict[tuple, Record] = {}
    names: dict[str, Record] = {}
    for record in records:
        key = key_of(record.row)
        if not record.row.name_key and not record.row.school_class_id:
            continue
        if key in first:
            record.blame(f"Повторяет строку {first[key].number}.")
        elif record.row.name_key and record.row.name_key in names:
            record.warn(f"Однофамилец строки {names[record.row.name_key].number}: проверьте, не один ли это человек.")
        first.setdefault(key, record)
        names.setdefault(record.row.name_key, record)


def key_of(row: SheetRow) -> tuple:
    """What tells rows of one sheet apart."""
    if row.sheet.kind == Kind.CLASSES:
        return (row.school_class_id,)
    if row.sheet.kind == Kind.STAFF:
        return row.name_key, row.position_id
    return row.name_key, row.birth_date
