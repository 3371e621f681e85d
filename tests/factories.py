"""Rows for tests: plain functions with keyword arguments and sensible defaults."""

import datetime
import itertools
import time

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import (
    AcademicYear,
    Acceptance,
    AccessReport,
    AgreementEdition,
    Appointment,
    Breach,
    Consent,
    ConsentText,
    Enrolment,
    MethodGroup,
    Notification,
    Order,
    OrderLine,
    OutgoingLetter,
    Position,
    Relation,
    Rollover,
    SchoolCard,
    SchoolClass,
    Skill,
    Slip,
    StoredFile,
    Training,
    User,
)
from accounts.models.credentials import digest
from accounts.planning.kinds import KINDS
from eios.lib.dates import year_after
from eios.lib.outside import Answer, Outcome
from resources import reach
from resources.actions.availability import record_check
from resources.actions.courses.drafts import begin as begin_course
from resources.actions.courses.drafts import settle_element
from resources.actions.courses.releasing import build
from resources.actions.holdings import save_holding
from resources.asker import asker_for
from resources.models import (
    AcademicCalendar,
    AccessRequest,
    CalendarEntry,
    Condition,
    ConnectionAnswer,
    Course,
    CoursePart,
    CourseText,
    Curriculum,
    CurriculumGrade,
    CurriculumHours,
    CurriculumRow,
    Document,
    Edition,
    Element,
    ElementAdministrator,
    ElementFile,
    ExternalCredential,
    LibraryEdition,
    MethodicalMaterial,
    News,
    OutsideResource,
    Pool,
    PoolAccount,
    Privilege,
    Programme,
    Review,
    ServiceConnection,
    Subject,
    SubjectArea,
    Suggestion,
    TechnologySheet,
    Topic,
)
from resources.pool_files import DEFAULT_COLUMNS

_numbers = itertools.count(1)
LONG_AGO = datetime.date(2020, 9, 1)
LEVELS = {"system_administrator": 4, "director": 4, "deputy": 4, "method_group_head": 3}


def make_person(*, surname="Петрова", name="Анна", patronymic="Сергеевна", password="secret", **fields) -> User:
    """An account past the first-password step, without any status."""
    fields.setdefault("username", f"person{next(_numbers)}")
    fields.setdefault("must_change_password", False)
    fields.setdefault("is_demo", True)
    person = User(surname=surname, name=name, patronymic=patronymic, **fields)
    person.set_password(password)
    person.save()
    return User.objects.get(pk=person.pk)


def make_year(*, starts=None) -> AcademicYear:
    starts, ends = AcademicYear.usual_dates(starts or datetime.date.today())
    return AcademicYear.objects.get_or_create(starts=starts, defaults={"ends": ends})[0]


def make_class(*, grade=5, letter="А", year=None) -> SchoolClass:
    return SchoolClass.objects.get_or_create(year=year or make_year(), grade=grade, letter=letter)[0]


def make_pupil(*, school_class=None, starts=LONG_AGO, ends=None, age=15, **fields) -> User:
    today = datetime.date.today()
    fields.setdefault("birth_date", today.replace(year=today.year - age, day=min(today.day, 28)))
    person = make_person(**fields)
    Enrolment.objects.create(pupil=person, school_class=school_class or make_class(), starts=starts, ends=ends)
    return User.objects.get(pk=person.pk)


def make_position(code="teacher", *, level=None) -> Position:
    defaults = {"name": code, "category": Position.Category.TEACHING, "level": level or LEVELS.get(code, 2)}
    return Position.objects.get_or_create(code=code, defaults=defaults)[0]


def make_employee(
    *, position="teacher", starts=LONG_AGO, ends=None, school_class=None, method_group=None, is_acting=False, **fields
) -> User:
    person = make_person(**fields)
    Appointment.objects.create(
        person=person, position=make_position(position), starts=starts, ends=ends, school_class=school_class,
        method_group=method_group, is_acting=is_acting,
    )  # fmt: skip
    return User.objects.get(pk=person.pk)


def make_parent(*, child: User, starts=LONG_AGO, ends=None, kind="mother", **fields) -> User:
    person = make_person(**fields)
    Relation.objects.create(
        parent=person, pupil=child, kind=kind, starts=starts, ends=ends, basis="Свидетельство о рождении"
    )
    return User.objects.get(pk=person.pk)


def make_edition(*, number=1, in_force_from=LONG_AGO, **fields) -> AgreementEdition:
    fields = {"title": "Соглашение", "text": "Текст", "plain_text": "Просто", **fields}
    return AgreementEdition.objects.create(number=number, in_force_from=in_force_from, **fields)


def make_element(*, slug=None, name="Платформа", closure=1, **fields) -> Element:
    """An element; with `closure=None` and a parent it inherits."""
    slug = slug or f"element-{next(_numbers)}"
    in_force = fields["parent"].closure if closure is None else closure
    element = Element.objects.create(slug=slug, name=name, own_closure=closure, closure=in_force, **fields)
    reach.rebuild(element)
    SchoolCard.touch_access()
    return element


def make_privilege(element: Element, *, starts=LONG_AGO, ends=None, basis="Решение педсовета", **fields) -> Privilege:
    """A privilege on the element to one of person, position, status, school_class."""
    privilege = Privilege.objects.create(element=element, starts=starts, ends=ends, basis=basis, **fields)
    SchoolCard.touch_access()
    return privilege


def make_administrator(element: Element, person: User) -> User:
    """The person administers the element; the same person, read anew."""
    ElementAdministrator.add(person, element)
    SchoolCard.touch_access()
    return User.objects.get(pk=person.pk)


def recognised(person: User) -> User:
    """The same person as the gate lets in: the portal knows whether elements are administered."""
    asker_for(person).recognise()
    return person


def make_document(*, title="Порядок доступа", kind="rules", text="Текст", **fields) -> Document:
    """A document with one edition in force."""
    document = Document.objects.create(title=title, kind=kind, **fields)
    Edition.objects.create(document=document, number=1, text=text, in_force_from=LONG_AGO)
    return document


def make_condition(element: Element, *, kind="second_factor", document=None) -> Condition:
    condition = Condition.objects.create(element=element, kind=kind, document=document)
    SchoolCard.touch_access()
    return condition


def make_credential(element: Element, person: User, *, login="ivanova", password="Тайна-29", **fields):
    """A login and a password of the person at the element."""
    fields.setdefault("source", "typed")
    credential = ExternalCredential(element=element, person=person, login=login, **fields)
    credential.seal(password)
    credential.save()
    return credential


def sign_in(client, person: User) -> None:
    """A session past the gate: the person is signed in and has accepted the edition in force, if there is one."""
    edition = AgreementEdition.objects.current(datetime.date.today()) or make_edition()
    Acceptance.objects.get_or_create(person=person, edition=edition, kind=Acceptance.Kind.SELF, defaults={"by": person})
    client.force_login(person, backend="accounts.backends.PortalBackend")


def make_method_group(*, name="ШМО учителей начальных классов") -> MethodGroup:
    return MethodGroup.objects.get_or_create(name=name)[0]


def make_enrolment(pupil: User, school_class: SchoolClass, starts, ends=None, **fields) -> Enrolment:
    """One more enrolment of a pupil; `order` and `ended_by` among the fields."""
    return Enrolment.objects.create(pupil=pupil, school_class=school_class, starts=starts, ends=ends, **fields)


def make_executed_order(*, kind="enrolment", number=None, date=LONG_AGO, people=(), **line) -> Order:
    """An order that was carried out, with a line of these fields for each of the people; facts are not written."""
    register = KINDS[kind].register
    order = Order.objects.create(
        kind=kind, register=register, state=Order.State.EXECUTED, number=number or str(next(_numbers)), date=date,
        effective_on=date, title=KINDS[kind].title,
    )  # fmt: skip
    for place, person in enumerate(people, 1):
        OrderLine.objects.create(order=order, number=place, person=person, **line)
    return order


def make_rollover(*, year=None) -> Rollover:
    """From the year of today to the one that follows; no classes there yet."""
    year = year or make_year()
    following = make_year(starts=year.ends + datetime.timedelta(days=1))
    days = {"promotion_on": following.starts, "leaving_on": following.starts, "graduation_on": year.ends}
    return Rollover.objects.get_or_create(year=year, next_year=following, defaults=days)[0]


def make_report(*, login="nobody", person: User | None = None, what="cannot", **fields) -> AccessReport:
    login = person.username if person else login
    return AccessReport.objects.create(
        login=login, login_key=login.lower(), person=person, what=what, times=fields.pop("times", 1), **fields
    )


def make_order(*, number="1", kind="general", register="general", state="signed", **fields) -> Order:
    fields.setdefault("title", "О дисциплине")
    return Order.objects.create(number=number, kind=kind, register=register, state=state, **fields)


def make_breach(*, title="Вход под чужим логином", kind="foreign_login", **fields) -> Breach:
    fields.setdefault("happened_on", datetime.date.today())
    fields.setdefault("found_by", "Белая Е. П.")
    return Breach.objects.create(title=title, kind=kind, **fields)


def make_officer(**fields) -> User:
    """The one appointed to issue credentials to pupils and parents."""
    return make_employee(position="credentials_officer", **fields)


def make_slip(person: User, *, code="", holder: User | None = None, given_by: User | None = None, days=14, **fields):
    """A standing slip; its stop-code is of no use unless named; handed to the holder, given out, if they are named."""
    now = timezone.now()
    fields.setdefault("stop_digest", digest(code) if code else f"{next(_numbers):064}")
    fields.setdefault("expires_at", now + datetime.timedelta(days=days))
    if holder:
        fields |= {"handed_to": holder, "handed_at": now}
    if given_by:
        fields |= {"given_by": given_by, "given_at": now}
    return Slip.objects.create(person=person, **fields)


def make_notification(person: User, *, kind="security", text="Пароль изменён", **fields) -> Notification:
    fields.setdefault("key", f"event:{next(_numbers)}")
    return Notification.objects.create(person=person, kind=kind, text=text, **fields)


def make_letter(person: User, *, kind="security", subject="изменён пароль", body="Изменён пароль.", **fields):
    fields.setdefault("key", f"event:{next(_numbers)}")
    return OutgoingLetter.objects.create(person=person, kind=kind, subject=subject, body=body, **fields)


def make_consent_text(
    *, kind="processing", audience="pupil", number=1, in_force_from=LONG_AGO, is_asked=False, **fields
) -> ConsentText:
    fields = {"title": f"Согласие: {kind}", "text": "Текст согласия", "is_asked": is_asked, **fields}
    return ConsentText.objects.get_or_create(
        kind=kind, audience=audience, number=number, defaults={"in_force_from": in_force_from, **fields}
    )[0]


def make_consent(subject: User, *, by: User | None = None, capacity=None, text=None, **fields) -> Consent:
    """A consent given on the portal: the parent's where somebody else gives it, otherwise the subject's own."""
    capacity = capacity or ("parent" if by and by.pk != subject.pk else "pupil")
    fields.setdefault("given_at", timezone.now())
    return Consent.objects.create(
        subject=subject, text=text or make_consent_text(), capacity=capacity, given_by=by or subject, **fields
    )


def make_training(*, person: User, confirmed_by: User | None = None, valid_until=None, **fields) -> Training:
    """A course of the person; it waits, unless somebody has confirmed it."""
    number = next(_numbers)
    fields = {"title": f"Курс {number}", "organisation": "ИРО", "document_date": LONG_AGO, **fields}
    fields |= {"confirmed_by": confirmed_by, "confirmed_at": timezone.now() if confirmed_by else None}
    return Training.objects.create(person=person, valid_until=valid_until, recorded_by=person, **fields)


def make_skill(*, name="Электронный журнал", positions=(), **fields) -> Skill:
    skill = Skill.objects.create(name=name, **fields)
    skill.required_of_positions.set([make_position(code) for code in positions])
    return skill


# Requests and suggestions


def make_pool(element: Element, *, free=1, **fields) -> Pool:
    """A pool of a library with so many accounts that are free."""
    pool = make_logins(element, logins=(), **fields)
    for _ in range(free):
        add_pool_account(pool)
    return pool


def add_pool_account(pool: Pool, *, state="ready") -> PoolAccount:
    """One more account of this pool."""
    account = PoolAccount(pool=pool, login=f"lib{next(_numbers)}", state=state)
    account.seal("Тайна-30")
    account.save()
    return account


def confirm_again(client) -> None:
    """The one who is signed in has just confirmed the password, as pages with secrets ask."""
    session = client.session
    session["account_authentication_methods_user"] = str(session["_auth_user_id"])
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()


def make_pool_account(element: Element, *, login="lib-0001", password="Пул-29-аб", state="ready") -> PoolAccount:
    """A pseudonymous account of a library, confirmed unless told otherwise."""
    pool, _ = Pool.objects.get_or_create(element=element, name="Партия", prefix="lib", alphabet="abc")
    account = PoolAccount(pool=pool, login=login, state=state)
    account.seal(password)
    account.save()
    return account


def make_request(element: Element, person: User, *, days=0, asked_by: User | None = None, **fields) -> AccessRequest:
    """A request that has been waiting for so many days."""
    request = AccessRequest.objects.create(element=element, person=person, asked_by=asked_by or person, **fields)
    AccessRequest.objects.filter(pk=request.pk).update(asked_at=timezone.now() - datetime.timedelta(days=days))
    return AccessRequest.objects.get(pk=request.pk)


def make_suggestion(author: User, *, element: Element | None = None, title="Больше задачников", **fields) -> Suggestion:
    return Suggestion.objects.create(author=author, element=element, title=title, **fields)


def make_library(*, name="ЭБС «Книга»", way="pool", **fields) -> Element:
    return make_element(name=name, library_way=way, **fields)


def make_logins(library: Element, *, logins=("kniga-001",), state="ready", **fields) -> Pool:
    """A pool with an account for each login; its password is «Тайна-» and the login."""
    fields = {"name": "Партия", "prefix": "kniga-", "alphabet": "abcdefgh", "columns": DEFAULT_COLUMNS, **fields}
    pool = Pool.objects.create(element=library, **fields)
    for login in logins:
        account = PoolAccount(pool=pool, login=login, state=state)
        account.seal(f"Тайна-{login}")
        account.save()
    return pool


# Reviews and connections of outside services
def make_review(element: Element, *, by: User, on=None, complies=True, next_due=None, **fields) -> Review:
    """A review of the element, today unless dated; due again a year later."""
    on = on or datetime.date.today()
    fields.setdefault("ground", "Пункт 3.1 Положения")
    fields.setdefault("note", "" if complies else "Нет согласий")
    next_due = next_due or year_after(on)
    return Review.objects.create(element=element, by=by, on=on, complies=complies, next_due=next_due, **fields)


def make_connection(element: Element, *, answer="meets", confirmed_by: User | None = None, **fields):
    """A service described in full; confirmed where somebody is named."""
    fields = {
        "data_passed": "фамилия, имя, класс", "ground": "contract", "ground_words": "договор №7 от 01.09.2026",
        "place": "russia",
    } | fields  # fmt: skip
    when = timezone.now() if confirmed_by else None
    connection = ServiceConnection.objects.create(
        element=element, confirmed_by=confirmed_by, confirmed_at=when, **fields
    )
    for requirement in ConnectionAnswer.Requirement:
        words = "" if answer == "meets" else "пояснение"
        connection.answers.create(requirement=requirement, answer=answer, words=words)
    return connection


def make_element_file(element: Element, *, title="Памятка", **fields) -> ElementFile:
    """A file inside a card; its bytes are not on the disk."""
    name = {
        "kind": "element_file",
        "name": "Памятка.pdf",
        "media_type": "application/pdf",
        "size": 9,
        "sha256": "0" * 64,
    }
    return ElementFile.objects.create(element=element, title=title, file=StoredFile.objects.create(**name), **fields)


def make_pupils(number: int, *, surname="Иванов", school_class=None) -> list[User]:
    """Many pupils of one class in two queries; none of them can sign in."""
    people = [User(username=f"pupil-{next(_numbers)}", surname=surname, name=f"Имя{n}") for n in range(number)]
    for person in people:
        person.prepare_search()
    people = User.objects.bulk_create(people)
    school_class = school_class or make_class()
    Enrolment.objects.bulk_create(
        Enrolment(pupil=person, school_class=school_class, starts=LONG_AGO) for person in people
    )
    return people


# Availability and the technological passport


def make_check(element: Element, outcome="works", *, at=None, milliseconds=240, until=None, status=200, detail=""):
    """What the command does with one answer; the state that comes of it."""
    detail = detail or ("Отвечает." if outcome == "works" else "Нет ответа за отведённое время.")
    answer = Answer(Outcome(outcome), detail, status if outcome == "works" else None, milliseconds, until)
    return record_check(element, element.address, answer, by=Actor.command("tests"), at=at or timezone.now())


def make_sheet(*, signed_by: User | None = None, **fields) -> TechnologySheet:
    """A passport that meets every requirement; signed where somebody is named."""
    figures = {"computers": 60, "in_network": 60, "with_internet": 60, "reaching_libraries": 60, "channel": 100}
    fields = {**figures, "channel_is_enough": True, "wifi": 85, "date": datetime.date.today(), **fields}
    if signed_by:
        fields |= {"signed_by": signed_by, "signed_as": "системный администратор", "signed_at": timezone.now()}
    return TechnologySheet.objects.create(**fields)


def make_subject(name: str = "Алгебра", *, area: str = "Математика и информатика", **fields) -> Subject:
    """A subject in its area."""
    home, _ = SubjectArea.objects.get_or_create(name=area)
    return Subject.objects.get_or_create(name=name, defaults={"area": home, **fields})[0]


def make_curriculum(*, level="basic", hours=None, approved=False, year=None, **fields) -> Curriculum:
    """A curriculum with a subject and 20 hours in every grade, or with `hours`: name → {grade: hours}."""
    plan = Curriculum.objects.create(year=year or make_year(), level=level, **fields)
    CurriculumGrade.objects.bulk_create(CurriculumGrade(curriculum=plan, grade=one, weeks=34) for one in plan.grades)
    for name, cells in (hours or {"Алгебра": dict.fromkeys(plan.grades, 20)}).items():
        subject = Subject.objects.filter(name=name).first() or make_subject(name)
        row = CurriculumRow.objects.create(curriculum=plan, subject=subject)
        for grade, number in cells.items():
            CurriculumHours.objects.create(row=row, grade=grade, hours=number)
    return _approved(plan) if approved else plan


def make_calendar(*, level="basic", approved=False, year=None, **fields) -> AcademicCalendar:
    """A calendar with two terms and a break between them, in the year's own days."""
    calendar = AcademicCalendar.objects.create(year=year or make_year(), level=level, **fields)
    first = calendar.year.starts
    for kind, name, begin, end in (("term", "I", 0, 99), ("break", "Каникулы", 100, 109), ("term", "II", 110, 260)):
        days = [first + datetime.timedelta(days=number) for number in (begin, end)]
        CalendarEntry.objects.create(calendar=calendar, kind=kind, name=name, starts=days[0], ends=days[1])
    return _approved(calendar) if approved else calendar


def _approved(plan):
    """By an executed order on the main activity; what was approved before is replaced."""
    order = Order.objects.filter(kind="general", state="executed").first()
    order = order or make_order(number="29-о", state="executed", title="Об утверждении планов")
    type(plan).objects.approved().filter(year=plan.year, level=plan.level).update(state="replaced")
    plan.state, plan.order = "approved", order
    plan.save()
    SchoolCard.touch_public()
    return plan


def make_news(*, title="Открыта запись в кружок", hours=1, state="published", **fields) -> News:
    """An item that appeared so many hours ago; less than none: it will appear. The public version is told."""
    moment = timezone.now() - datetime.timedelta(hours=hours)
    fields = {"lead": "Запись до пятницы.", "text": "Занятия по средам.", "published_from": moment} | fields
    item = News.objects.create(title=title, state=state, **fields)
    SchoolCard.touch_public()
    return item


def make_picture(**fields) -> StoredFile:
    """A picture of news; its bytes are not on the disk."""
    name = {"kind": "news_picture", "name": "сирень.png", "media_type": "image/png", "size": 9, "sha256": "0" * 64}
    return StoredFile.objects.create(**(name | fields))


# What there is to read


def make_resource(*, title="Российская школа", subjects=(), **fields) -> OutsideResource:
    """An outside e-resource in use."""
    fields = {"kind": "eor", "address": "https://resh.example.org/", "publisher": "Минпросвещения", **fields}
    return save_holding(OutsideResource(title=title, **fields), subjects, by=Actor.command("tests"))


def make_library_edition(*, title="Алгебра", subjects=(), **fields) -> LibraryEdition:
    """A textbook on the shelves."""
    fields = {"kind": "textbook", "author": "Макарычев, Ю. Н.", "year": 2023, "copies": 30, **fields}
    return save_holding(LibraryEdition(title=title, **fields), subjects, by=Actor.command("tests"))


def make_material(author: User, *, title="Линейная функция", is_published=False, file=None, **fields):
    """A methodical material with a text; a draft unless published. `file` is a row whose bytes are not on the disk."""
    fields = {"activity": "lesson", "annotation": "Конспект", "text": "Текст урока", "file": file, **fields}
    row = MethodicalMaterial(title=title, author=author, **fields)
    if is_published:
        row.state, row.published_at = "published", timezone.now()
    row.prepare_search()
    row.save()
    return row


def make_programme(
    subject: Subject | None = None, *, author: User, grade=7, state="approved", topics=("Тема",), **fields
) -> Programme:
    """A programme of the current year for one grade; an approved one has its order."""
    fields.setdefault("year", make_year())
    if state == "approved" and "order" not in fields:
        fields["order"] = make_order(number=f"п-{next(_numbers)}", state="executed")
    fields = {"grade_from": grade, "grade_to": grade, "content": "Содержание", "results": "Результаты", **fields}
    programme = Programme.objects.create(subject=subject or make_subject(), author=author, state=state, **fields)
    for position, name in enumerate(topics, 1):
        Topic.objects.create(programme=programme, position=position, name=name, hours=2)
    return programme


# Courses


def make_course(author: User, *, title="Линейная функция", pages=("Введение",), published=False, **fields) -> Course:
    """A course with a section around pages, each with a sentence of its own; a published one has a release.

    The registry stands already (fixture `site`).
    """
    by = Actor(author, None, author.username)
    course = begin_course(Course(title=title, annotation="О курсе", **fields), by=by)
    section = CoursePart.objects.create(course=course, kind="section", title="Раздел")
    for position, name in enumerate(pages, 1):
        make_course_page(course, title=name, parent=section, position=position)
    if published:
        course.release, course.state, course.revised_on = build(course, by=by), "published", timezone.localdate()
        course.save()
        settle_element(course, by=by)
        SchoolCard.touch_public()
    return course


def make_course_page(course: Course, *, title="Страница", text=None, parent=None, position=1) -> CoursePart:
    """A page at its first version."""
    text = f"Текст страницы «{title}»." if text is None else text
    page = CoursePart.objects.create(
        course=course, parent=parent, kind="page", title=title, text=text, position=position, version=1
    )
    CourseText.objects.create(part=page, number=1, title=title, text=text, made_at=timezone.now())
    return page
