"""Saves a drawn school: everything in bulk, everything audited, in one transaction."""

from collections.abc import Callable, Iterable
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction

from accounts import audit
from accounts.actions.agreement import load_first_agreement
from accounts.actions.consents import changes_of, load_first_consents
from accounts.actions.people import new_logins
from accounts.actions.personal_files import give_file_numbers
from accounts.actions.school import change_card, load_positions, open_year
from accounts.actor import Actor
from accounts.models import (
    AcademicYear,
    Acceptance,
    AgreementEdition,
    Consent,
    Relation,
    SchoolCard,
    SchoolClass,
    User,
)
from accounts.models.people import AGE_OF_OWN_ACCEPTANCE
from eios.demo import (
    attestation,
    complexes,
    consents,
    courses,
    curricula,
    document_writer,
    entry_writer,
    journal_writer,
    lessons_writer,
    library,
    news_writer,
    papers,
    passport,
    portfolio_writer,
    preparation_writer,
    programme_writer,
    reading,
    sheets_writer,
    subgroups,
    sveden_writer,
)
from eios.demo.families import Person, Pupil
from eios.demo.order_writer import OrderWriter
from eios.demo.school import HIGHEST_GRADE, Options, School
from eios.lib.dates import age_on, today
from resources.actions.registry import load_registry

BATCH = 1000
BASIS = "Демонстрационные данные"
CARD = {
    "full_name": "Муниципальное казённое общеобразовательное учреждение основная общеобразовательная школа №29",
    "short_name": "МКОУ ООШ №29",
    "portal_name": "ЭИОС школы №29",
    "mark": "29",
    "municipality": "Муниципальное образование Апшеронский район",
    "address": "352690, Краснодарский край, Апшеронский район, ул. Школьная, 29",
    "phone": "8 (86152) 0-00-29",
    "email": "school29@example.org",
    "site": "http://school-29.ru/",
    "home_notice": "Это демонстрационная школа: люди, адрес и телефон вымышлены.",
    "local_networks": "192.168.29.0/24",
    "time_zone": "Europe/Moscow",
    "highest_grade": HIGHEST_GRADE,
    "parents_have_cabinets": True,
    "responsible_are_public": True,
}


class NotEmptyError(Exception):
    """Somebody has registered people in this database meanwhile."""


@transaction.atomic
def write(school: School, options: Options, password: str, *, by: Actor) -> None:
    """The whole school or nothing. Raises NotEmptyError where the database has people already."""
    list(SchoolCard.objects.select_for_update())
    if User.objects.exists():
        raise NotEmptyError
    change_card(**CARD, by=by, basis=BASIS)
    load_registry(by=by)
    load_positions(by=by)
    edition = load_first_agreement(by=by) or AgreementEdition.objects.current(today())
    load_first_consents(by=by)
    rng = Random(f"{options.seed} papers")  # noqa: S311 (orders, not secrets)
    users = _people(school.people, password, options.fresh, by)
    classes = _classes(school, by)
    OrderWriter(users, classes, by).write(papers.draw(rng, school, today()))
    give_file_numbers(by=by)
    _relations(school, users, by)
    preparation_writer.write(school, options, users, _save, by)
    by_login = {person.login: user for person, user in users.items()}
    document_writer.write(by_login, list(users.values()), school.year_starts[-1], by)
    news_writer.write(by_login, by)
    passport.write(next(user for user in users.values() if user.username == "admin"))
    library.write(school, options, users, by=by)
    curricula.write(by_login["deputy"], by_login["admin"], by)
    reading.write({user.username: user for user in users.values()}, by=by)
    programme_writer.write(by_login, by)
    journal_writer.write(options)
    sheets_writer.write()
    attestation.write(options)
    subgroups.write(by)
    lessons_writer.write(school.year_starts[-1], by_login["deputy"])
    courses.write(by_login, by=by)
    complexes.write(by_login)
    sveden_writer.write(by_login, school.year_starts[-1], by=by)
    entry_writer.write(school.year_starts[-1], by, by_login["deputy"])
    if not options.fresh:
        _acceptances(school, users, edition, by)
        _consents(school, users, by)
    portfolio_writer.write(options.seed, by_login, by)
    remember(options, by=by)


def remember(options: Options, *, by: Actor) -> None:
    """The trail keeps what the school was built from, so that a second run knows."""
    audit.record(by, "demo.built", SchoolCard.current(), {"options": [None, vars(options)]})


def analyze() -> None:
    """Fresh statistics: without them the planner thinks the tables empty."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _people(people: list[Person], password: str, fresh: bool, by: Actor) -> dict[Person, User]:
    """One hash serves everybody: a thousand would take half a minute, and the password is printed anyway."""
    hashed = make_password(password)
    rows = [_user(person, hashed, fresh) for person in people]
    nameless = [row for row in rows if not row.username]
    for row, login in zip(nameless, new_logins(nameless), strict=True):
        row.username = login
    _save(User, rows, "person.added", by, ("username", "surname", "name", "patronymic", "birth_date", "email", "phone"))
    return dict(zip(people, rows, strict=True))


def _user(person: Person, hashed: str, fresh: bool) -> User:
    row = User(
        username=person.login, surname=person.name.surname, name=person.name.name, patronymic=person.name.patronymic,
        birth_date=person.birth_date, email=person.email, phone=person.phone, password=hashed,
        must_change_password=fresh, is_demo=True, is_superuser=person.login == "admin",
    )  # fmt: skip
    row.prepare_search()
    return row


def _classes(school: School, by: Actor) -> dict[tuple[int, int, str], SchoolClass]:
    known = {year.starts: year for year in AcademicYear.objects.all()}
    years = {
        starts.year: known.get(starts) or open_year(starts=starts, by=by, basis=BASIS) for starts in school.year_starts
    }
    rows = [SchoolClass(year=years[first], grade=grade, letter=letter) for first, grade, letter in school.classes]
    _save(SchoolClass, rows, "school_class.added", by, ("year", "grade", "letter"))
    return dict(zip(school.classes, rows, strict=True))


def _relations(school: School, users: dict[Person, User], by: Actor) -> None:
    secretary = next(users[person] for person in school.people if person.login == "credentials")
    rows = [
        Relation(
            parent=users[kinship.parent], pupil=users[kinship.child], kind=kinship.kind, starts=school.year_starts[0],
            basis="Акт об установлении опеки" if kinship.kind == Relation.Kind.GUARDIAN else "Свидетельство о рождении",
            confirmed_by=secretary,
        )
        for kinship in school.kinships
    ]  # fmt: skip
    _save(Relation, rows, "relation.added", by, ("parent", "pupil", "kind", "starts"))


def _acceptances(school: School, users: dict[Person, User], edition: AgreementEdition, by: Actor) -> None:
    """Everybody at school now has accepted: under 14 a parent for the child, and the child the plain text (6.4)."""
    kinds = Acceptance.Kind
    first_parent = {kinship.child: kinship.parent for kinship in reversed(school.kinships)}
    rows = []
    for person in school.people:
        if isinstance(person, Pupil) and (person.gone or person.grade > HIGHEST_GRADE):
            continue
        row = users[person]
        if isinstance(person, Pupil) and age_on(person.birth_date, today()) < AGE_OF_OWN_ACCEPTANCE:
            rows.append(Acceptance(person=row, edition=edition, kind=kinds.PARENT, by=users[first_parent[person]]))
            rows.append(Acceptance(person=row, edition=edition, kind=kinds.CHILD, by=row))
        else:
            rows.append(Acceptance(person=row, edition=edition, kind=kinds.SELF, by=row))
    Acceptance.objects.bulk_create(rows, batch_size=BATCH)
    _record("agreement.accepted", rows, by, ("edition", "kind"), about=lambda row: row.person)


def _consents(school: School, users: dict[Person, User], by: Actor) -> None:
    rows = consents.draw(school, users)
    Consent.objects.bulk_create(rows, batch_size=BATCH)
    audit.record_many(audit.entry(by, "consent.given", row.subject, changes_of(row), BASIS) for row in rows)


def _save(model: type[models.Model], rows: list, action: str, by: Actor, fields: Iterable[str]) -> None:
    model.objects.bulk_create(rows, batch_size=BATCH)
    _record(action, rows, by, fields)


def _record(action: str, rows: list, by: Actor, fields: Iterable[str], about: Callable = lambda row: row) -> None:
    entries = []
    for row in rows:
        changes = {
            name: [None, value] for name, value in audit.snapshot(row, fields).items() if value not in (None, "")
        }
        entries.append(audit.entry(by, action, about(row), changes, BASIS))
    audit.record_many(entries)
