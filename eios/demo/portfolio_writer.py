"""Portfolios of the demonstration school: events, achievements in every state, works with reviews, points of the year.

Rows are written in bulk, as years of them would be; what a page does by itself goes through the actions.
"""

import datetime
from collections.abc import Iterator
from random import Random

from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AcademicYear, Appointment, Enrolment, SchoolClass, User
from eios.lib.dates import start_of_day, today
from portfolio import points, sharing
from portfolio.actions import shares
from portfolio.actions.points import save_table
from portfolio.hashing import fingerprint
from portfolio.models import (
    STAGE_LEVELS,
    Achievement,
    Criterion,
    Event,
    Evidence,
    Portfolio,
    PortfolioRules,
    Review,
    ReviewPoints,
    Rubric,
    Work,
    WorkAuthor,
    WorkVersion,
    title_key,
)

DAY = datetime.timedelta(days=1)
BATCH = 1000
# Title, sphere, level, stage, mode.
EVENTS = (
    ("Всероссийская олимпиада школьников, русский язык", "academic", "", "school", "in_person"),
    ("Всероссийская олимпиада школьников, математика", "academic", "", "school", "in_person"),
    ("Всероссийская олимпиада школьников, биология", "academic", "", "municipal", "in_person"),
    ("Районный кросс «Золотая осень»", "sport", "municipal", "", "in_person"),
    ("Школьный турнир по шахматам", "sport", "school", "", "in_person"),
    ("Конкурс чтецов «Живая классика»", "arts", "municipal", "", "in_person"),
    ("Акция «Чистый двор»", "social", "school", "", "in_person"),
    ("Научно-практическая конференция «Шаг в науку»", "research", "municipal", "", "in_person"),
)
OWN = (
    ("Краевой конкурс рисунков «Мой дом — Кубань»", "arts", "regional", "remote"),
    ("Онлайн-олимпиада «Сириус. Курсы»", "academic", "national", "remote"),
    ("Соревнования по настольному теннису", "sport", "municipal", "in_person"),
    ("Волонтёр районной библиотеки", "social", "municipal", "in_person"),
    ("Конкурс исследовательских работ «Юный эколог»", "research", "regional", "in_person"),
    ("Фестиваль детского творчества «Адрес детства»", "arts", "municipal", "in_person"),
    ("Викторина «Знатоки истории»", "academic", "school", "in_person"),
    ("Марафон добрых дел", "social", "school", "in_person"),
)
RECORDS = (
    ("Участие в школьном этапе олимпиады по литературе", "academic", "school"),
    ("Сдача норм комплекса ГТО", "sport", "municipal"),
)
WORKS = (
    ("Птицы нашего двора", "research", "research", "## Цель\n\nУзнать, какие птицы зимуют у школы.\n\n"
     "## Что сделано\n\n- месяц наблюдений у кормушки\n- таблица по дням\n- сравнение с прошлой зимой"),
    ("Мой посёлок сто лет назад", "essay", "academic", "Прабабушка помнит на месте школы яблоневый сад…"),
    ("Модель солнечных часов", "craft", "research", "## Как сделано\n\nФанера и спица, разметка по наблюдениям."),
    ("Осень в парке", "picture", "arts", "Акварель, формат А3."),
    ("Программа «Устный счёт»", "program", "academic", "## Что умеет\n\nЗадаёт примеры и считает верные ответы."),
)  # fmt: skip
REFLECTIONS = (
    "Научился вести наблюдения каждый день. В следующий раз начну раньше.",
    "Труднее всего было отобрать главное.",
    "Понял, что расчёты надо проверять дважды.",
)
PRAISE = (
    "Тема раскрыта, выводы следуют из наблюдений.",
    "Хорошая работа, добавьте источники.",
    "Аккуратно и интересно.",
)
CRITERIA = (("Цель и задачи", 5), ("Содержание", 10), ("Выводы", 5), ("Оформление", 5))
# The state of every which entry of a pupil's own, in turn; most are confirmed.
STATES = ("confirmed", "confirmed", "submitted", "confirmed", "confirmed", "returned", "confirmed", "draft")


def write(seed: int, users: dict[str, User], by: Actor) -> None:
    """Of the pupils of today."""
    rng = Random(f"{seed} portfolio")  # noqa: S311 (a school, not secrets)
    year = AcademicYear.objects.on(today()).first()
    if year is None:
        return
    deputy = users["deputy"]
    PortfolioRules.objects.create(pk=1, outsiders_review=True, has_rating=True, pupils_see_rating=True)
    save_table(year, points.sample(), seen=0, basis="Протокол педсовета № 1", by=by)
    rows = Enrolment.objects.on(today()).select_related("pupil", "school_class").order_by("pupil__pk")
    pupils = [(row.pupil, row.school_class) for row in rows]
    leaders = _leaders()
    entries = [*_taken_part(rng, year, pupils, deputy), *_own(rng, year, pupils, leaders)]
    Achievement.objects.bulk_create(entries, batch_size=BATCH)
    Evidence.objects.bulk_create(
        [
            Evidence(achievement=one, kind=Evidence.Kind.ORDER, title=f"Приказ № {100 + number % 80}")
            for number, one in enumerate(entries)
            if one.origin == "pupil"
        ],
        batch_size=BATCH,
    )
    rubric = _rubric(deputy)
    _works(rng, year, pupils, leaders, rubric)
    _covers(pupils)
    _shown(pupils, users, by)


def _leaders() -> dict[int, User]:
    """Class → its class teacher."""
    rows = Appointment.objects.on(today()).filter(position__code="class_teacher", school_class__isnull=False)
    return {row.school_class_id: row.person for row in rows.select_related("person")}


def _day(rng: Random, year: AcademicYear) -> datetime.date:
    """Of the year, up to today."""
    return year.starts + DAY * rng.randrange(max((today() - year.starts).days, 1))


def _moment(day: datetime.date) -> datetime.datetime:
    """Of the day, but not in the future."""
    return start_of_day(min(day, today()))


def _taken_part(rng: Random, year: AcademicYear, pupils: list, deputy: User) -> Iterator[Achievement]:
    for title, sphere, level, stage, mode in EVENTS:
        event = Event.objects.create(
            title=title, sphere=sphere, level=level or STAGE_LEVELS[stage], stage=stage, mode=mode,
            date=_day(rng, year), organiser="МКОУ ООШ №29", created_by=deputy,
        )  # fmt: skip
        for place, (pupil, room) in enumerate(rng.sample(pupils, min(len(pupils), max(4, len(pupils) // 30)))):
            outcome = ("winner", "prize", "prize", "participant")[min(place, 3)]
            fields = {name: getattr(event, name) for name in Event.OCCASION}
            yield Achievement(
                pupil=pupil, origin="staff", state="confirmed", event=event, outcome=outcome, grade=room.grade,
                created_by=deputy, title_key=title_key(title), **fields,
            )  # fmt: skip


def _own(rng: Random, year: AcademicYear, pupils: list, leaders: dict[int, User]) -> Iterator[Achievement]:
    for number, (pupil, room) in enumerate(pupils):
        if number % 4 == 1:
            title, sphere, level = RECORDS[number // 4 % len(RECORDS)]
            yield Achievement(
                pupil=pupil, origin="record", state="confirmed", source="Сетевой город. Образование",
                as_of=timezone.now(), record_key=f"demo-{number}", outcome="participant", grade=room.grade,
                title=title, sphere=sphere, level=level, mode="in_person", date=_day(rng, year),
                title_key=title_key(title),
            )  # fmt: skip
        for title, sphere, level, mode in rng.sample(OWN, (3, 1, 2, 0, 1)[number % 5]):
            state = rng.choice(STATES) if number else "confirmed"
            yield _entry(rng, year, pupil, room, leaders.get(room.pk), (title, sphere, level, mode, state))


def _entry(rng: Random, year, pupil: User, room: SchoolClass, leader: User | None, what: tuple) -> Achievement:
    title, sphere, level, mode, state = what
    date = _day(rng, year)
    is_decided = state in ("confirmed", "returned")
    return Achievement(
        pupil=pupil, origin="pupil", state=state, title=title, title_key=title_key(title), sphere=sphere, level=level,
        mode=mode, date=date, outcome=rng.choice(("winner", "prize", "participant", "laureate")), grade=room.grade,
        created_by=pupil, submitted_at=_moment(date + DAY) if state != "draft" else None,
        decided_by=leader if is_decided else None, decided_at=_moment(date + 3 * DAY) if is_decided else None,
        reason="Приложите диплом: по номеру приказа его не найти." if state == "returned" else "",
    )  # fmt: skip


def _rubric(deputy: User) -> Rubric:
    rubric = Rubric.objects.create(title="Исследование или проект", created_by=deputy)
    for order, (title, most) in enumerate(CRITERIA):
        Criterion.objects.create(rubric=rubric, order=order, title=title, most=most)
    return rubric


def _works(rng: Random, year: AcademicYear, pupils: list, leaders: dict[int, User], rubric: Rubric) -> None:
    """Of every sixth pupil: two versions of some, most opened for reviews, by the class teacher and by a classmate."""
    works, authors, versions, reviews = [], [], [], []
    for number, (pupil, room) in enumerate(pupils[::6]):
        title, kind, sphere, text = WORKS[number % len(WORKS)]
        moment = start_of_day(_day(rng, year)) + datetime.timedelta(hours=15)
        is_open = number % 4 != 3
        work = Work(owner=pupil, title=title, kind=kind, sphere=sphere, submitted_at=moment if is_open else None)
        works.append(work)
        authors.append(WorkAuthor(work=work, person=pupil, agreed_at=moment))
        reflection = REFLECTIONS[number % len(REFLECTIONS)]
        for place in range(1, 2 + (number % 3 == 0)):
            words = text if place == 1 else f"{text}\n\nИсправлено по рецензии."
            versions.append(
                WorkVersion(
                    work=work, number=place, text=words, reflection=reflection, created_by=pupil, sealed_at=moment,
                    sha256=fingerprint(words, reflection, (), ()),
                )
            )  # fmt: skip
            if is_open and room.pk in leaders and place == 1:
                reviews.append(_review(rng, versions[-1], leaders[room.pk], "teacher", moment, rubric))
    Work.objects.bulk_create(works, batch_size=BATCH)
    WorkAuthor.objects.bulk_create(authors, batch_size=BATCH)
    WorkVersion.objects.bulk_create(versions, batch_size=BATCH)
    Review.objects.bulk_create(reviews, batch_size=BATCH)
    criteria = list(rubric.criteria.all())
    ReviewPoints.objects.bulk_create(
        [
            ReviewPoints(review=one, criterion=each, points=each.most - rng.randrange(3))
            for one in reviews
            for each in criteria
        ],
        batch_size=BATCH,
    )


def _review(rng: Random, version: WorkVersion, person: User, capacity: str, moment, rubric: Rubric) -> Review:
    return Review(
        version=version, reviewer=person, capacity=capacity, state="published", text=rng.choice(PRAISE),
        mark=rng.choice((4, 5)), rubric=rubric, published_at=moment + 2 * DAY,
    )  # fmt: skip


def _covers(pupils: list) -> None:
    Portfolio.objects.bulk_create(
        [
            Portfolio(pupil=pupil, motto="Дорогу осилит идущий", about="Люблю читать, рисовать и бывать в горах.")
            for pupil, _ in pupils[::3]
        ],
        batch_size=BATCH,
    )


def _shown(pupils: list, users: dict[str, User], by: Actor) -> None:
    """The first pupil who may shows an achievement to a teacher."""
    for pupil, _ in pupils[:40]:
        rows = list(Achievement.objects.confirmed().filter(pupil=pupil)[:3])
        if rows and sharing.may_show(pupil, today()):
            asked = shares.Asked(
                achievements=rows, works=[], days=30, person=users["teacher1"], title="Показать учителю"
            )
            shares.share(pupil, asked, by=by)
            return
