"""A real school's first hour: from an empty database to a portal that its system administrator can enter.

Answers come from a terminal or a TOML file, are checked in full, and are carried out in one transaction. A second run
adds what is missing and, unless asked to update, changes nothing else.
"""

import re
import tomllib
from dataclasses import dataclass, field

from django import forms
from django.db import transaction

from accounts.actions.administrators import SYSTEM_ADMINISTRATOR
from accounts.actions.agreement import load_first_agreement
from accounts.actions.consents import load_first_consents
from accounts.actions.passwords import issue_password, set_own_password
from accounts.actions.people import appoint, create_person, set_superuser
from accounts.actions.school import change_card, load_positions, open_year
from accounts.actions.staff_records import load_skills
from accounts.actor import Actor
from accounts.models import AcademicYear, Position, SchoolCard, User
from eios.forms import AdministratorForm, PasswordForm, SchoolForm
from eios.lib.dates import today
from resources.actions.courses.players import load_players
from resources.actions.curricula import load_federal_drafts
from resources.actions.first_documents import load_documents
from resources.actions.registry import load_registry
from resources.actions.subjects import load_subjects

SECTIONS = {"school": SchoolForm, "administrator": AdministratorForm}
BASIS = "Ввод портала в действие"
UNNAMED = SchoolCard._meta.get_field("full_name").default
SYNTAX_PLACE = re.compile(r"at line (\d+), column (\d+)")


class AnswersError(ValueError):
    """What is wrong with the answers, line by line, in Russian: where, and what to do."""

    def __init__(self, lines: list[str]):
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass
class Answers:
    """Checked answers. `administrator` is None where there is one already; without a password one is made up."""

    school: dict | None = None
    administrator: dict | None = None
    password: str = ""


@dataclass
class Outcome:
    """What was done, in sentences; the login and, if made up, the password of the administrator."""

    done: list[str] = field(default_factory=list)
    login: str = ""
    new_password: str = ""


def has_card() -> bool:
    return SchoolCard.objects.exclude(full_name=UNNAMED).exists()


def administrator() -> User | None:
    """Somebody who administers this portal today."""
    people = User.objects.alive(today()).order_by("pk")
    return next((person for person in people if person.is_system_administrator), None)


def check_may_found() -> None:
    """Raises AnswersError in a database of invented people."""
    if User.objects.filter(is_demo=True).exists():
        advice = "Начните с пустой: другая DATABASE_URL или удалённый файл базы."
        raise AnswersError([f"В этой базе демонстрационная школа. {advice}"])


def card_answers() -> dict[str, str]:
    """What the card says now, as answers; the names of a school that has none yet are left to be given."""
    card = forms.model_to_dict(SchoolCard.current(), SchoolForm._meta.fields)
    return {name: str(value) for name, value in card.items() if has_card() or name not in ("full_name", "short_name")}


# --- answers -------------------------------------------------------------------------------------------------------


def read_toml(text: str, source: str) -> dict[str, dict]:
    """Sections of a setup file as text values. Raises AnswersError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = SYNTAX_PLACE.search(str(error))
        where = f", строка {place[1]}, знак {place[2]}" if place else ""
        raise AnswersError([f"{source}{where}: не читается как TOML. Проверьте кавычки и знак «=»."]) from error
    problems = [f"{source}: незнакомый раздел [{name}]." for name in tables.keys() - SECTIONS.keys()]
    for name, form in SECTIONS.items():
        section = tables.get(name, {})
        if not isinstance(section, dict):
            problems.append(f"{source}: ожидается раздел [{name}].")
            continue
        known = {*form.base_fields, "password"} if name == "administrator" else {*form.base_fields}
        problems += [f"{source}, [{name}]: незнакомый ответ «{key}»." for key in sorted(section.keys() - known)]
    if problems:
        raise AnswersError(sorted(problems))
    return {name: {key: _text(value) for key, value in tables.get(name, {}).items()} for name in SECTIONS}


def _text(value) -> str:
    """TOML's lists stand for lines, numbers for themselves."""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def check(given: dict[str, dict], source: str, *, update: bool) -> Answers:
    """Clean answers for what this installation still lacks. Raises AnswersError with every problem at once."""
    answers, problems = Answers(), []
    if update or not has_card():
        form = SchoolForm(card_answers() | given["school"])
        problems += _problems(form, f"{source}, [school]")
        answers.school = form.cleaned_data
    if administrator() is None:
        form = AdministratorForm(given["administrator"])
        problems += _problems(form, f"{source}, [administrator]")
        answers.administrator = form.cleaned_data
        answers.password = given["administrator"].get("password", "")
        problems += password_problems(
            answers.password, answers.password, form.cleaned_data, f"{source}, [administrator]"
        )
    if problems:
        raise AnswersError(problems)
    return answers


def _problems(form: forms.BaseForm, source: str) -> list[str]:
    return [
        f"{source}, {lower_first(form.fields[name].label)} ({name}): {' '.join(messages)}"
        for name, messages in form.errors.items()
    ]


def lower_first(label: str) -> str:
    return label[:1].lower() + label[1:]


def field_problem(form_class: type[forms.BaseForm], name: str, value: str) -> str:
    """Why `value` will not do for one field; empty if it will."""
    return " ".join(form_class({name: value}).errors.get(name, []))


def password_problems(password: str, repeated: str, person: dict, source: str) -> list[str]:
    """Why the portal would not take this password from this person."""
    names = {name: person.get(name, "") for name in ("surname", "name", "patronymic", "email")}
    form = PasswordForm({"password": password, "repeated": repeated}, owner=User(**names))
    return [f"{source}, пароль (password): {message}" for messages in form.errors.values() for message in messages]


# --- carrying out --------------------------------------------------------------------------------------------------


@transaction.atomic
def found(answers: Answers, *, by: Actor, update: bool = False) -> Outcome:
    """Carry the answers out; whatever stands already stays as the school made it.

    Effects: the card; positions, method groups and skills; the registry and levels; the acts of clause 1.2 and the
    Regulation; the school year of today, subjects and drafts of curricula; players for courses; the first agreement and
    consents; the administrator's account, password, appointment and right over the installation.
    Raises ValidationError, RegistryFileError; then nothing is saved.
    """
    outcome = Outcome()
    outcome.done.append(_card(answers.school, by))
    added = load_positions(by=by)
    outcome.done.append(f"Должности и ШМО: добавлено {added}." if added else "Должности и ШМО: все на месте.")
    added = load_skills(by=by)
    outcome.done.append(f"Навыки работников: добавлено {added}." if added else "Навыки работников: все на месте.")
    outcome.done.append(_registry(by, update))
    added = load_documents(by=by)
    outcome.done.append(f"Документы: добавлено {added}." if added else "Документы: все на месте.")
    outcome.done.append(_year(by))
    outcome.done.append(_curricula(by, update))
    added = load_players(by=by)
    outcome.done.append(f"Проигрыватели для курсов: добавлено {added}." if added else "Проигрыватели: все на месте.")
    edition = load_first_agreement(by=by)
    outcome.done.append(f"Соглашение: {edition}." if edition else "Соглашение: уже есть, не изменено.")
    texts = load_first_consents(by=by)
    outcome.done.append(f"Тексты согласий: добавлено {len(texts)}." if texts else "Тексты согласий: все на месте.")
    outcome.done.append(_administrator(answers, outcome, by))
    return outcome


def _card(school: dict | None, by: Actor) -> str:
    if school is None:
        return f"Карточка школы: уже есть ({SchoolCard.current()}), не изменена."
    return f"Карточка школы: {change_card(by=by, basis=BASIS, **school)}."


def _registry(by: Actor, update: bool) -> str:
    plan = load_registry(by=by, update=update)
    changed = f", обновлено {len(plan.changed)}" if update and plan.changed else ""
    return f"Платформы и разделы портала: добавлено {len(plan.new)}{changed}."


def _year(by: Actor) -> str:
    year = AcademicYear.objects.on(today()).first()
    if year:
        return f"Учебный год {year}: уже есть, не изменён."
    return f"Учебный год {open_year(by=by, starts=AcademicYear.usual_dates(today())[0], basis=BASIS)}: открыт."


def _curricula(by: Actor, update: bool) -> str:
    """Subjects, and drafts with the federal hours for the year of today where it has no curricula."""
    subjects = load_subjects(by=by, update=update)
    drafts = load_federal_drafts(AcademicYear.objects.on(today()).get(), by=by)
    if not subjects and not drafts:
        return "Учебные предметы и планы: все на месте."
    return f"Учебные предметы: добавлено {subjects}; проекты учебных планов с федеральными часами: {drafts}."


def _administrator(answers: Answers, outcome: Outcome, by: Actor) -> str:
    if answers.administrator is None:
        person = administrator()
        return f"Системный администратор: уже есть — {person} ({person.username}), не изменён."
    details = answers.administrator
    basis = details["basis"] or BASIS
    names = {name: details[name] for name in ("surname", "name", "patronymic", "email")}
    person = create_person(**names, by=by, basis=basis)
    position = Position.objects.get(code=SYSTEM_ADMINISTRATOR)
    appoint(person=person, position=position, starts=today(), basis=basis, by=by)
    if answers.password:
        set_own_password(person, answers.password, by=by, basis=basis)
    else:
        outcome.new_password = issue_password(person, by=by, basis=basis)
    set_superuser(person, value=True, by=by, basis=basis)
    outcome.login = person.username
    return f"Системный администратор: {person}."
