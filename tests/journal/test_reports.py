"""Reports over rows: who is counted, what is odd, who sees what."""

import datetime
import io
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Enrolment, Position, User
from eios.lib.dates import start_of_day, today
from journal.models import AcademicDebt, Council, Gradebook, Result
from journal.reports import attendance, findings, groups, progress, quality
from journal.reports.anomalies import Kind
from journal.reports.scope import Scope
from journal.reports.terms import Chosen, results_there
from journal.statistics import Counts
from tests import factories
from tests.journal.factories import (
    make_absence,
    make_gradebook,
    make_load,
    make_mark,
    make_result,
    make_terms,
)

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 b")]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def school(db):
    """7 «А» with algebra and chemistry, four terms; nobody in it yet."""
    return School()


class School:
    def __init__(self):
        self.algebra = make_gradebook()
        self.school_class = self.algebra.school_class
        self.year = self.school_class.year
        self.chemistry = make_gradebook(school_class=self.school_class, subject=factories.make_subject("Химия"))
        make_terms(self.year)
        self.deputy = factories.make_employee(position="deputy")
        # The third term has run for five weeks.
        self.date = self.day(2, 15) + 2 * DAY

    def scope(self, person: User | None = None, date: datetime.date | None = None) -> Scope:
        return Scope(User.objects.get(pk=(person or self.deputy).pk), self.year, date or self.date)

    def pupil(self, surname: str, *values: str, **fields) -> User:
        """A pupil with results of the first term in algebra and chemistry."""
        fields.setdefault("starts", self.year.starts)
        person = factories.make_pupil(school_class=self.school_class, surname=surname, **fields)
        for book, value in zip((self.algebra, self.chemistry), values, strict=False):
            make_result(book, person, value=value)
        return person

    def day(self, month: int, number: int) -> datetime.date:
        """The first Monday from that day on."""
        day = datetime.date(self.year.starts.year + (month < 9), month, number)
        return day + (-day.weekday()) % 7 * DAY


TERM_1, TERM_2 = Chosen("term", 1, "1-я четверть"), Chosen("term", 2, "2-я четверть")


def test_quality_counts_who_studies_now(school):
    """н/а is counted, осв is not, the departed are left out; who changed the class is counted in the present one."""
    school.pupil("Ананьев", "5", "4")
    school.pupil("Борисов", "3", "н/а")
    school.pupil("Васин", "осв", "2")
    school.pupil("Ушедший", "2", "2", ends=school.date - DAY)
    moved = school.pupil("Перешедший", "5", "5", ends=school.date - DAY)
    other = factories.make_class(grade=7, letter="Б")
    Enrolment.objects.create(pupil=moved, school_class=other, starts=school.date)

    report = quality.report(school.scope(), TERM_1, by="class")

    assert [(one.title, one.counts) for one in report.lines] == [
        (school.school_class.name, Counts(fives=1, fours=1, threes=1, twos=1, not_attested=1, exempt=1)),
        (other.name, Counts(fives=2)),
    ]
    assert report.lines[0].counts.quality_rate == Decimal("40.0")
    assert report.whole.counts.total == 7
    subjects = {one.title: one.counts for one in quality.report(school.scope(), TERM_1, by="subject").lines}
    assert subjects["Химия"] == Counts(fives=1, fours=1, twos=1, not_attested=1)
    # Nobody was counted in a period without results, and that is no rate at all.
    assert quality.report(school.scope(), TERM_2, by="class").whole.counts.quality_rate is None


def test_quality_stands_beside_the_period_before_and_last_year(school):
    pupil, other = school.pupil("Ананьев", "3"), school.pupil("Борисов", "4")
    make_result(school.algebra, pupil, number=2, value="4")
    make_result(school.algebra, other, number=2, value="5")
    report = quality.report(school.scope(), TERM_2, by="class")
    assert (report.compared, report.lines[0].change, report.whole.change) == ("1-я четверть", 50, 50)

    past = factories.make_year(starts=school.year.starts.replace(year=school.year.starts.year - 1))
    sixth = make_gradebook(school_class=factories.make_class(grade=6, year=past), subject=school.algebra.subject)
    Enrolment.objects.create(pupil=pupil, school_class=sixth.school_class, starts=past.starts, ends=past.ends)
    make_result(sixth, pupil, number=1, value="2")
    report = quality.report(school.scope(), TERM_1, by="class")
    assert (report.compared, report.lines[0].change) == (f"1-я четверть, {past}", 50)
    # In a year that is over, who finished it is not departed.
    assert quality.report(Scope(school.deputy, past, school.date), TERM_1, by="class").whole.counts == Counts(twos=1)


def test_quality_of_teachers_goes_by_the_load(school):
    """Whoever only replaces for a week has no results of the own; a former teacher leaves them to the present one."""
    former, present, replacing = (factories.make_employee(surname=name) for name in ("Белова", "Громова", "Ершова"))
    make_load(former, school.algebra, ends=school.date - 2 * DAY)
    make_load(present, school.algebra, starts=school.date - DAY)
    make_load(replacing, school.algebra, starts=school.date, ends=school.date + DAY, replaces=present)
    school.pupil("Ананьев", "5", "4")
    report = quality.report(school.scope(), TERM_1, by="teacher")
    assert [(one.title, one.counts) for one in report.lines] == [(str(present), Counts(fives=1))]
    assert report.whole.counts == Counts(fives=1, fours=1)


def test_groups_count_a_pupil_by_all_subjects(school):
    best, good, failing = (
        school.pupil("Ананьев", "5", "5"),
        school.pupil("Борисов", "4"),
        school.pupil("Васин", "5", "2"),
    )
    new = school.pupil("Новиков")
    found = groups.tallies(school.scope(), TERM_1)[school.school_class.pk]
    named = groups.named(school.scope().pupils_of(school.school_class), found)
    assert [(group.name, people) for group, people in named] == [
        ("EXCELLENT", [best]), ("GOOD", [good]), ("FAILING", [failing]), ("UNMARKED", [new]),
    ]  # fmt: skip


def test_missed_lessons_of_a_class_are_the_sum_of_its_pupils(school):
    ill, late, gone = (school.pupil(name) for name in ("Ананьев", "Борисов", "Васин"))
    monday = school.day(9, 7)
    for book in (school.algebra, school.chemistry):
        make_absence(book, ill, date=monday)
    make_absence(school.algebra, ill, date=monday + DAY, code="excused")
    make_absence(school.algebra, late, date=monday + DAY, code="late")
    make_absence(school.algebra, late, date=monday + 2 * DAY, code="exempt")
    make_absence(school.algebra, gone, date=monday + DAY, code="unexcused")
    gone.enrolments.update(ends=monday + 2 * DAY)
    days = school.year.starts, school.date

    whole = attendance.by_class(school.scope(), *days).lines[0]
    report = attendance.of_class(school.scope(), school.school_class, *days)

    assert (whole.pupils, whole.tally.lessons, whole.tally.days, whole.tally.reasons) == (2, 3, 2, [2, 1, 0, 0])
    assert [(one.title.split()[0], one.tally.lessons, one.tally.days, one.tally.late) for one in report.lines] == [
        ("Ананьев", 3, 2, 0), ("Борисов", 0, 0, 1),
    ]  # fmt: skip
    assert (report.whole.lessons, report.whole.days) == (whole.tally.lessons, whole.tally.days)


def test_every_anomaly_is_found_once_and_an_orderly_term_has_none(school):
    """The first term, in February: each pupil has one thing odd, the first has none."""
    names = ("Лад", "Пуст", "Далёк", "Спор", "Мало", "Двойка", "Без", "Ушёл")
    values = dict(zip(names, ("4", "5", "2", "5", "4", "2", None, "4"), strict=True))
    pupils = {name: school.pupil(name, *filter(None, [values[name]])) for name in names}
    school.chemistry.delete()
    term = [school.day(9, 7) + number * DAY for number in range(3)]
    for name in ("Лад", "Спор", "Двойка", "Без", "Ушёл", "Далёк"):
        for day in term:
            make_mark(school.algebra, pupils[name], value={"Двойка": "2", "Спор": "5"}.get(name, "4"), date=day)
    make_mark(school.algebra, pupils["Мало"], value="4", date=term[0])
    Result.objects.filter(pupil=pupils["Спор"]).update(average=Decimal("4.50"))
    pupils["Ушёл"].enrolments.update(ends=term[1])
    make_mark(school.algebra, pupils["Лад"], value="5", date=term[0] + 6 * DAY)
    for name in ("Лад", "Далёк"):
        make_mark(school.algebra, pupils[name], value="5", date=school.day(11, 9))

    found = findings.look(school.scope(), 1)

    name_of = {one.pk: name for name, one in pupils.items()}
    told = {(one.kind, name_of.get(one.pupil_id, "")) for one in found}
    expected = {
        (Kind.MISSING, ""), (Kind.NO_MARKS, "Пуст"), (Kind.FAR, "Далёк"), (Kind.SOURCE, "Спор"), (Kind.FEW, "Мало"),
        (Kind.TWO, "Двойка"), (Kind.DEPARTED, "Ушёл"), (Kind.DAY_OFF, ""),
    }  # fmt: skip
    assert told == expected
    assert len(found) == len(expected)
    missing = next(one for one in found if one.kind == Kind.MISSING)
    assert missing.text == "1-я четверть: нет у 1 из 7."
    # The running term: nobody has had a mark since November.
    assert [one.kind for one in findings.look(school.scope(), 3)] == [Kind.SILENT]
    make_mark(school.algebra, pupils["Лад"], value="5", date=school.date - DAY)
    assert findings.look(school.scope(), 3) == []


def test_a_newcomer_owes_no_result_of_a_term_before(school):
    factories.make_pupil(school_class=school.school_class, starts=school.day(11, 9))
    school.pupil("Ананьев", "5", "5")
    assert [one for one in findings.look(school.scope(), 1) if one.kind == Kind.MISSING] == []


def test_progress_of_a_pupil_worked_by_hand(school):
    pupil = school.pupil("Ананьев", "5", "4")
    make_result(school.algebra, pupil, number=2, value="3")
    make_mark(school.algebra, pupil, value="5", date=school.date, weight=2)
    make_mark(school.algebra, pupil, value="2", date=school.date, place=2)
    make_absence(school.chemistry, pupil, date=school.day(9, 7))
    found = progress.progress(school.deputy, pupil, school.year, school.date)
    rows = {str(one.subject): (one.values, one.current) for one in found.rows}
    assert rows[str(school.algebra.subject)] == (["5", "3", "", ""], Decimal("4.00"))
    assert rows["Химия"] == (["4", "", "", ""], None)
    assert found.means == [Decimal("4.50"), Decimal("3.00"), None, None]
    assert [(one.mean, one.subjects) for one in found.points] == [(Decimal("4.50"), 2), (Decimal("3.00"), 1)]
    assert [(title, tally.lessons) for title, tally in found.missed] == [
        ("1-я четверть", 1), ("2-я четверть", 0), ("3-я четверть", 0), ("С начала года", 1),
    ]  # fmt: skip


def ask(client, person: User, page: str, *args, query: str = ""):
    factories.sign_in(client, person)
    return client.get(reverse(f"journal:{page}", args=args) + query)


def cells(answer) -> str:
    """All words of a workbook."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return book.read("xl/sharedStrings.xml").decode()


@pytest.mark.clause("5.6")
def test_who_sees_which_reports(school, site, client):
    """A teacher sees the own subject and no reasons; others, and the system administrator, see nothing at all."""
    pupil = school.pupil("Ананьев", "5", "2")
    make_absence(school.algebra, pupil, date=school.year.starts + DAY)
    make_absence(school.chemistry, pupil, date=school.year.starts + DAY)
    leader = factories.make_employee(position="class_teacher", school_class=school.school_class)
    teacher = factories.make_employee()
    make_load(teacher, school.algebra)
    strangers = [
        factories.make_employee(), factories.make_employee(position="librarian"),
        factories.make_employee(position="class_teacher", school_class=factories.make_class(grade=8)),
        factories.make_employee(position="system_administrator"), factories.make_person(is_superuser=True),
    ]  # fmt: skip
    of_class = [("report_class", school.school_class.pk), ("report_class_export", school.school_class.pk)]
    of_part = [
        (f"{page}{tail}", key) for tail in ("", "_export")
        for page, key in (("report_pupil", pupil.pk), ("report_attendance_class", school.school_class.pk))
    ]  # fmt: skip
    lists = [(f"report_{page}{tail}",) for page in ("quality", "attendance", "anomalies") for tail in ("", "_export")]
    for person in (school.deputy, leader):
        assert {ask(client, person, *page).status_code for page in [*of_class, *of_part, *lists, ("report_list",)]} == {
            200
        }
    assert {ask(client, teacher, *page).status_code for page in [*of_part, *lists]} == {200}
    assert {ask(client, teacher, *page).status_code for page in of_class} == {404}
    for person in strangers:
        assert {ask(client, person, *page).status_code for page in [*of_class, *of_part]} == {404}
    # The leader of another class has reports of the own one, with nothing of this one in them.
    assert [ask(client, one, "report_quality").status_code for one in strangers] == [404, 404, 200, 404, 404]
    for page in ("report_quality", "report_attendance", "report_anomalies"):
        assert school.school_class.name not in ask(client, strangers[2], page).content.decode()

    own, leads = ask(client, teacher, "report_pupil", pupil.pk), ask(client, leader, "report_pupil", pupil.pk)
    assert ("Химия" in own.content.decode(), "Химия" in leads.content.decode()) == (False, True)
    for page, key in (("report_pupil", pupil.pk), ("report_attendance_class", school.school_class.pk)):
        told = [ask(client, one, page, key).content.decode() for one in (teacher, leader)]
        assert ["по болезни" in one for one in told] == [False, True]
        told = [cells(ask(client, one, f"{page}_export", key)) for one in (teacher, leader)]
        assert ["по болезни" in one for one in told] == [False, True]
    subjects = ask(client, teacher, "report_quality", query="?by=subject").context["report"].lines
    assert [str(one.of) for one in subjects] == [str(school.algebra.subject)]


def test_the_desk_is_the_deputy_heads(school, site, client):
    """A mirror that nobody has refreshed stands there in a term; the system administrator is told of none."""
    school.pupil("Ананьев", "5")
    Gradebook.objects.filter(pk=school.algebra.pk).update(mirrored_at=start_of_day(today()))
    for position in ("deputy", "director", "deputy_upbringing", "system_administrator"):
        person = factories.make_employee(position=position)
        Position.objects.filter(code=position).update(level=4)
        page = ask(client, User.objects.get(pk=person.pk), "desk")
        assert ("Давно не загружали" in page.text) == (position != "system_administrator"), position
    assert ask(client, factories.make_employee(), "desk").status_code == 403

    make_calendar_around_today(school)
    AcademicDebt.objects.create(gradebook=school.algebra, pupil=User.objects.get(surname="Ананьев"), opened_on=today())
    Council.objects.create(year=school.year, kind="term", number=1)
    blocks = {one.title: one for one in ask(client, school.deputy, "desk").context["blocks"]}
    stale = blocks["Давно не загружали"]
    assert (stale.count, [line.text for line in stale.lines]) == (1, [str(school.chemistry)])
    assert stale.lines[0].note == "ещё не загружали"
    missing = blocks["Результаты не выставлены"]
    assert [line.note for line in missing.lines] == ["1-я: нет у 1 из 1."]
    assert [line.text for line in blocks["Педсоветы по итогам"].lines] == ["Итоги: 1-й период"]
    assert (blocks["Академические задолженности"].count, blocks["Педсоветы по итогам"].count) == (1, 1)


def make_calendar_around_today(school: School) -> None:
    """The first term has just ended before the one that holds today and has lasted for a month."""
    calendar = make_terms(school.year)
    calendar.entries.all().delete()
    begins = today() - datetime.timedelta(days=30)
    for number, (starts, ends) in enumerate(
        [(begins - datetime.timedelta(days=60), begins - DAY), (begins, today() + 30 * DAY)], 1
    ):
        calendar.entries.create(kind="term", name=f"{number}-я", starts=starts, ends=ends)


def test_an_odd_address_shows_the_usual_report(school, site, client):
    school.pupil("Ананьев", "5", "4")
    odd = "?year=1812&when=term-99&by=height&school_class=abc&subject=999999&kind=nothing&term=-1&starts=2026-13-45"
    for page in ("report_list", "report_quality", "report_attendance", "report_anomalies"):
        assert ask(client, school.deputy, page, query=odd).status_code == 200
    assert [one.code for one in results_there(school.scope().days)] == ["term-1"]


def test_an_empty_school_says_so(site, client):
    """No results, no calendar, no load: pages stand, files that would be empty are not there."""
    factories.make_class(grade=7)
    deputy = factories.make_employee(position="deputy")
    for page in ("report_list", "report_quality", "report_attendance", "report_anomalies", "desk"):
        assert ask(client, deputy, page).status_code == 200
    assert ask(client, deputy, "report_quality_export").status_code == 404
