"""Checks before the change of the year: each finding says what is wrong and leads to where it is mended.

Other apps add theirs to `accounts.hints.PREFLIGHT_CHECKS`.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.fact_rules import CLASS_TEACHER, DAY
from accounts.hints import PREFLIGHT_CHECKS
from accounts.models import Appointment, AuditEntry, Enrolment, Order, OrderKind, User
from accounts.planning.facts import identity
from accounts.rollover.pupils import Preview
from eios.lib import russian

ERROR, WARNING, OK = "error", "warning", "ok"
FRESH_BACKUP = datetime.timedelta(days=1)
NAMED = 10
State = Order.State


@dataclass(frozen=True)
class Finding:
    """What is wrong (`level`: ERROR forbids going on with a clear heart, WARNING only asks to look), and where to mend
    it; `url` may be empty."""

    level: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Check:
    """One check with its findings; without any, all is well."""

    title: str
    findings: list[Finding]

    @property
    def level(self) -> str:
        levels = {finding.level for finding in self.findings}
        return ERROR if ERROR in levels else WARNING if WARNING in levels else OK

    @property
    def kind(self) -> str:
        """The look of the tag."""
        return {ERROR: "no", WARNING: "wait", OK: "ok"}[self.level]

    @property
    def words(self) -> str:
        return {ERROR: "исправьте", WARNING: "посмотрите", OK: "в порядке"}[self.level]


def run(preview: Preview) -> list[Check]:
    """Every check of ours and of other apps; what needs mending comes first. A constant number of queries of ours."""
    found = [Check(title, check(preview)) for title, check in CHECKS.items()]
    year, date = preview.rollover.year, preview.date
    found += [Check(title, list(check(year, date))) for title, check in PREFLIGHT_CHECKS.items()]
    return sorted(found, key=lambda check: (ERROR, WARNING, OK).index(check.level))


def names(people: Iterable[User]) -> str:
    """«Иванова М. П., Петров И. С. и ещё 3»"""
    people = list(people)
    shown = ", ".join(person.initials for person in people[:NAMED])
    return f"{shown} и ещё {len(people) - NAMED}" if len(people) > NAMED else shown


def _backup(preview: Preview) -> list[Finding]:
    """A copy made within the last day stands behind everything that follows."""
    last = AuditEntry.objects.filter(action="backup.made").order_by("-pk").first()
    command = "Перед исполнением приказов сделайте копию: команда manage.py backup на сервере."
    if last is None:
        return [Finding(WARNING, f"Резервной копии ещё не было. {command}")]
    if last.at < timezone.now() - FRESH_BACKUP:
        return [Finding(WARNING, f"Последняя копия — {timezone.localtime(last.at):%d.%m.%Y %H:%M}. {command}")]
    return []


def _classes_go_on(preview: Preview) -> list[Finding]:
    url = reverse("accounts:rollover_classes", args=[preview.rollover.pk])
    return [
        Finding(ERROR, f"У класса {one.school_class} нет класса следующего года.", url)
        for one in preview.summary
        if one.rows and one.next_class is None and not preview.is_last_grade(one.school_class)
    ]


def _everybody_is_decided(preview: Preview) -> list[Finding]:
    by_class = defaultdict(list)
    for row in preview.undecided:
        by_class[row.school_class].append(row.pupil)
    return [
        Finding(WARNING, f"{one}: не решено — {names(pupils)}.", class_url(preview, one.pk))
        for one, pupils in by_class.items()
    ]


def class_url(preview: Preview, pk: int) -> str:
    return reverse("accounts:rollover_class", args=[preview.rollover.pk, pk])


def _nobody_is_lost(preview: Preview) -> list[Finding]:
    """Enrolled in a class of a past year, or in none although no order says that the pupil left."""
    found = [
        Finding(
            WARNING,
            f"{row.pupil}: зачисление в {row.school_class} кончилось {russian.short_date(row.ends)} без приказа.",
            person_url(row.pupil),
        )
        for row in preview.lost
    ]
    past = Enrolment.objects.on(preview.date).filter(school_class__year__ends__lt=preview.rollover.year.starts)
    return found + [
        Finding(ERROR, f"{row.pupil}: числится в {row.school_class} прошлого года.", person_url(row.pupil))
        for row in past.select_related("pupil", "school_class").order_by("pupil__sort_name")
    ]


def person_url(person: User) -> str:
    return reverse("accounts:person_detail", args=[person.pk])


def _orders_are_finished(preview: Preview) -> list[Finding]:
    """Drafts and signed orders about pupils beside those of this rollover."""
    rows = Order.objects.filter(register=Order.Register.PUPILS, state__in=[State.DRAFT, State.SIGNED])
    return [
        Finding(ERROR if row.is_signed else WARNING, f"{row}: {row.title}. {_unfinished(row)}", row.get_absolute_url())
        for row in rows.exclude(rollovers=preview.rollover).order_by("state", "pk")
    ]


def _unfinished(order: Order) -> str:
    return "Подписан и не исполнен." if order.is_signed else "Черновик."


def _nothing_comes_later(preview: Preview) -> list[Finding]:
    """Executed orders about pupils that begin to work after today: the classes will still change."""
    rows = Order.objects.in_force().filter(register=Order.Register.PUPILS, effective_on__gt=preview.date)
    return [
        Finding(
            WARNING, f"{row}: {row.title}. Действует с {russian.short_date(row.effective_on)}.", row.get_absolute_url()
        )
        for row in rows.exclude(rollovers=preview.rollover).order_by("effective_on", "pk")
    ]


def _classes_have_teachers(preview: Preview) -> list[Finding]:
    first = preview.rollover.next_year.starts
    led = Appointment.objects.on(max(first, preview.date)).filter(
        position__code=CLASS_TEACHER, school_class__in=preview.next_classes
    )
    keys = set(led.values_list("school_class_id", flat=True))
    bare = [one.name for one in preview.next_classes if one.pk not in keys]
    if not bare:
        return []
    who = ", ".join(bare) if len(bare) < len(preview.next_classes) else "ни у одного класса"
    url = f"{reverse('accounts:order_new')}?{urlencode({'kind': OrderKind.CLASS_TEACHER})}"
    return [Finding(WARNING, f"С {russian.short_date(first)} нет классного руководителя: {who}.", url)]


def _nobody_is_twice(preview: Preview) -> list[Finding]:
    """One name and one birth date in two accounts of this year's pupils."""
    people = defaultdict(list)
    for row in preview.rows:
        one = row.pupil
        people[identity(one.surname, one.name, one.patronymic, one.birth_date)].append(row)
    return [
        Finding(
            ERROR,
            f"{rows[0].pupil}: две записи с одной датой рождения, {', '.join(str(row.school_class) for row in rows)}.",
            f"{reverse('accounts:person_list')}?{urlencode({'q': str(rows[0].pupil)})}",
        )
        for rows in people.values()
        if len(rows) > 1
    ]


def _nobody_stays_behind(preview: Preview) -> list[Finding]:
    """The day after the orders have worked nobody should be left in the old classes."""
    left = Enrolment.objects.on(max(preview.rollover.promotion_on, preview.date) + DAY)
    late = preview.date >= preview.rollover.next_year.starts
    count = left.filter(school_class__in=preview.classes).count() if late else 0
    if not count:
        return []
    url = reverse("accounts:rollover_orders", args=[preview.rollover.pk])
    return [Finding(ERROR, f"Новый год идёт, а в прошлогодних классах ещё числятся: {count}.", url)]


CHECKS: dict[str, Callable[[Preview], list[Finding]]] = {
    "Классы следующего года": _classes_go_on,
    "Решения о каждом": _everybody_is_decided,
    "Обучающиеся без класса": _nobody_is_lost,
    "Двойные записи": _nobody_is_twice,
    "Неисполненные приказы об обучающихся": _orders_are_finished,
    "Приказы, которые ещё не вступили в силу": _nothing_comes_later,
    "Классные руководители следующего года": _classes_have_teachers,
    "Прошлогодние классы": _nobody_stays_behind,
    "Резервная копия": _backup,
}
