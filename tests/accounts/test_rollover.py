"""The change of the school year: classes, checks, outcomes, drafts; nothing moves but by orders, and twice is once."""

import datetime
import os
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import execution, orders
from accounts.actions import rollover as actions
from accounts.actor import Actor
from accounts.hints import PREFLIGHT_CHECKS, PROMOTION_PROPOSALS
from accounts.models import (
    AcademicYear,
    AuditEntry,
    Enrolment,
    NextClass,
    Order,
    OrderKind,
    OrderLine,
    Rollover,
    RolloverDecision,
    SchoolClass,
    User,
)
from accounts.models.rollover import KIND_OF, Outcome
from accounts.rollover import checks
from accounts.rollover.classes import first_classes, proposals
from accounts.rollover.drafts import next_step
from accounts.rollover.pupils import Choice, Preview, mark_of
from resources.actions.registry import load_registry
from tests.factories import (
    LONG_AGO,
    make_class,
    make_edition,
    make_employee,
    make_person,
    make_pupil,
    make_rollover,
    make_year,
    sign_in,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
BY = Actor.command("проверка")


@pytest.fixture(autouse=True)
def registry(school):
    load_registry(by=BY)
    make_edition()
    school(highest_grade=9)


@pytest.fixture
def rollover() -> Rollover:
    return make_rollover()


def in_next(rollover: Rollover, grade: int, letter: str = "А") -> SchoolClass:
    return make_class(grade=grade, letter=letter, year=rollover.next_year)


def preview_of(rollover: Rollover, only: SchoolClass | None = None) -> Preview:
    return Preview(rollover, TODAY, only)


def row_of(rollover: Rollover, pupil: User):
    return next(row for row in preview_of(rollover).rows if row.pupil == pupil)


def decide(rollover: Rollover, pupil: User, outcome: str, next_class=None, remark: str = "") -> int:
    only = row_of(rollover, pupil).school_class
    seen = mark_of(preview_of(rollover, only).rows)
    return actions.decide(rollover, only, {pupil.pk: Choice(outcome, next_class, remark)}, seen=seen, by=BY)


def drafted(rollover: Rollover) -> dict[str, list[tuple]]:
    """What the drafts of the rollover say: kind → [(surname, class, place, note)]."""
    actions.draft_orders(rollover, by=BY)
    found = {}
    for order in rollover.orders.filter(state=Order.State.DRAFT):
        lines = order.lines.order_by("number").select_related("person", "school_class")
        found[order.kind] = [(one.person.surname, one.school_class, one.place, one.note) for one in lines]
    return found


def carry_out(rollover: Rollover) -> None:
    for number, order in enumerate(rollover.orders.filter(state=Order.State.DRAFT), 1):
        orders.change_order(order, by=BY, number=f"{order.pk}-{number}", signatory_name="Директор")
        execution.execute(orders.sign(order, by=BY), by=BY)


def findings(rollover: Rollover) -> dict[str, list[checks.Finding]]:
    return {check.title: check.findings for check in checks.run(preview_of(rollover)) if check.findings}


# Beginning, and classes


def test_a_rollover_opens_the_next_year_once():
    year = make_class(grade=5).year
    first = actions.start(year, by=BY)
    assert (first.next_year.starts, first.next_year.ends) == (
        year.ends + DAY, datetime.date(year.ends.year + 1, 8, 31)
    )  # fmt: skip
    assert (first.promotion_on, first.leaving_on) == (first.next_year.starts, first.next_year.starts)
    assert first.graduation_on == datetime.date(year.ends.year, 7, 1)
    assert actions.start(year, by=BY) == first
    assert AcademicYear.objects.count() == 2


def test_a_next_year_that_is_there_stays():
    year = make_class(grade=5).year
    later = make_year(starts=year.ends + DAY)
    assert actions.start(year, by=BY).next_year == later


def test_classes_go_on_with_their_letters_and_new_first_classes_come(rollover):
    for grade, letter in ((1, "А"), (1, "Б"), (5, "А"), (9, "А")):
        make_class(grade=grade, letter=letter)
    preview = preview_of(rollover)
    found = proposals(preview)
    assert [(str(one.school_class), one.name) for one in found] == [
        ("1\xa0«А»", "2А"),
        ("1\xa0«Б»", "2Б"),
        ("5\xa0«А»", "6А"),
    ]
    assert first_classes(preview) == ["1А", "1Б"]


def test_classes_are_renamed_joined_left_out_and_added(rollover):
    five_a, five_b, six = make_class(grade=5), make_class(grade=5, letter="Б"), make_class(grade=6)
    count = actions.set_classes(rollover, {five_a: "6В", five_b: "6-в", six: ""}, ["1А", "1a"], by=BY)
    assert count == 2
    assert [str(one) for one in rollover.next_year.classes.order_by("grade")] == ["1\xa0«А»", "6\xa0«В»"]
    going_on = preview_of(rollover).going_on
    assert [str(going_on[one.pk]) for one in (five_a, five_b, six)] == ["6\xa0«В»", "6\xa0«В»", "None"]
    assert [one.name for one in proposals(preview_of(rollover))] == ["6В", "6В", ""]


@pytest.mark.parametrize(("name", "words"), [("7А", "6-й класс"), ("10А", "с 1 по 9"), ("ю", "Не похоже на класс")])
def test_a_class_goes_to_the_next_grade_only(rollover, name, words):
    five = make_class(grade=5)
    with pytest.raises(ValidationError, match=words):
        actions.set_classes(rollover, {five: name}, [], by=BY)
    assert not NextClass.objects.exists()


# Outcomes


def test_proposals_promote_and_the_highest_grade_graduates(rollover):
    six = in_next(rollover, 6)
    five, nine = make_class(grade=5), make_class(grade=9)
    young, grown, stray = (
        make_pupil(school_class=five),
        make_pupil(school_class=nine),
        make_pupil(school_class=make_class(grade=7)),
    )
    assert row_of(rollover, young).choice == Choice(Outcome.PROMOTED, six)
    assert row_of(rollover, grown).choice == Choice(Outcome.GRADUATES)
    assert (row_of(rollover, stray).choice, row_of(rollover, stray).is_undecided) == (Choice(), True)
    assert row_of(rollover, stray).reason == "Нет класса следующего года"


def test_other_apps_propose(rollover, monkeypatch):
    six, again = in_next(rollover, 6), in_next(rollover, 5)
    weak, failing = make_pupil(), make_pupil()
    found = {
        weak.pk: (Outcome.CONDITIONAL, "«2» по математике"),
        failing.pk: (Outcome.REPEATS, "«2» по пяти предметам"),
    }
    monkeypatch.setitem(PROMOTION_PROPOSALS._entries, "journal", lambda classes, date: found)
    assert row_of(rollover, weak).choice == Choice(Outcome.CONDITIONAL, six)
    assert row_of(rollover, weak).explanation == "«2» по математике"
    assert row_of(rollover, failing).choice == Choice(Outcome.REPEATS, again)


@pytest.mark.clause("6.5")
@pytest.mark.clause("6.7")
@pytest.mark.parametrize("outcome", [value for value in Outcome if value != Outcome.UNDECIDED])
def test_each_outcome_leads_to_its_order_and_its_facts(rollover, outcome):
    again, six = in_next(rollover, 5), in_next(rollover, 6)
    pupil = make_pupil(surname="Зорин", school_class=make_class(grade=5))
    target = {Outcome.PROMOTED: six, Outcome.CONDITIONAL: six, Outcome.REPEATS: again}.get(outcome)
    decide(rollover, pupil, outcome, target, "школа №1")
    words = ("школа №1", "") if outcome == Outcome.MOVES_AWAY else ("", "школа №1")
    assert drafted(rollover) == {KIND_OF[outcome]: [("Зорин", target, *words)]}
    carry_out(rollover)
    date = rollover.graduation_on if outcome == Outcome.GRADUATES else rollover.next_year.starts
    former = Enrolment.objects.get(pupil=pupil, school_class__year=rollover.year)
    assert (former.ends, former.ended_by.kind) == (date - DAY, KIND_OF[outcome])
    now = Enrolment.objects.filter(pupil=pupil).on(date).first()
    assert (now and now.school_class) == target
    assert (pupil in User.objects.alive(date - DAY), pupil in User.objects.alive(date)) == (True, target is not None)
    row = row_of(rollover, pupil)
    assert (row.is_open, former.ended_by.reference in row.settled) == (False, True)


def test_a_decision_is_saved_once_and_a_repeated_one_leaves_no_trace(rollover):
    six, pupil = in_next(rollover, 6), make_pupil()
    assert decide(rollover, pupil, Outcome.CONDITIONAL, six) == 1
    before = AuditEntry.objects.count()
    assert decide(rollover, pupil, Outcome.CONDITIONAL, six) == 0
    assert AuditEntry.objects.count() == before
    assert decide(rollover, pupil, Outcome.UNDECIDED) == 1
    assert row_of(rollover, pupil).is_undecided
    assert RolloverDecision.objects.count() == 1


@pytest.mark.parametrize("grade", [7, None])
def test_a_decision_into_a_wrong_class_is_refused(rollover, grade):
    target = in_next(rollover, grade) if grade else None
    with pytest.raises(ValidationError, match="выберите класс"):
        decide(rollover, make_pupil(), Outcome.PROMOTED, target)


def test_what_changed_while_the_page_stood_open_is_not_overwritten(rollover):
    six, pupil, only = in_next(rollover, 6), make_pupil(), make_class(grade=5)
    seen = mark_of(preview_of(rollover, only).rows)
    decide(rollover, pupil, Outcome.CONDITIONAL, six)
    with pytest.raises(actions.Stale):
        actions.decide(rollover, only, {pupil.pk: Choice(Outcome.EXPELLED)}, seen=seen, by=BY)
    assert row_of(rollover, pupil).choice.outcome == Outcome.CONDITIONAL


def test_a_transfer_in_between_asks_for_a_new_decision(rollover):
    in_next(rollover, 6)
    pupil, other = make_pupil(surname="Зорин", school_class=make_class(grade=5)), make_class(grade=5, letter="Б")
    decide(rollover, pupil, Outcome.PROMOTED, in_next(rollover, 6))
    assert list(drafted(rollover)) == [OrderKind.PROMOTION]
    line = OrderLine(person=pupil, school_class=other)
    transfer = orders.create_order(kind=OrderKind.TRANSFER_CLASS, by=BY, number="5-к", signatory_name="Д")
    orders.add_lines(transfer, [line], by=BY)
    execution.execute(orders.sign(transfer, by=BY), by=BY)
    row = row_of(rollover, pupil)
    assert (row.school_class, row.is_undecided) == (other, True)
    assert "решите заново" in row.explanation
    assert drafted(rollover) == {}


def test_an_order_about_one_who_has_left_since_is_refused_and_made_anew(rollover):
    in_next(rollover, 6)
    gone, stays = make_pupil(surname="Ушедший"), make_pupil(surname="Оставшийся")
    drafted(rollover)
    order = rollover.orders.get()
    orders.change_order(order, by=BY, number="1-к", signatory_name="Директор")
    signed = orders.sign(order, by=BY)
    Enrolment.objects.filter(pupil=gone).update(ends=TODAY - DAY)
    with pytest.raises(execution.OrderRefused, match="Ушедший"):
        execution.execute(signed, by=BY)
    assert not Enrolment.objects.filter(school_class__year=rollover.next_year).exists()
    orders.return_to_draft(signed, "Обучающийся выбыл", by=BY)
    assert [line[0] for line in drafted(rollover)[OrderKind.PROMOTION]] == ["Оставшийся"]
    assert row_of(rollover, stays).choice.outcome == Outcome.PROMOTED


# Drafts


def test_drafts_follow_decisions_while_they_are_drafts(rollover):
    six, again = in_next(rollover, 6), in_next(rollover, 5)
    one, two, three = (make_pupil(surname=name) for name in ("Алексеев", "Борисов", "Власов"))
    assert drafted(rollover) == {
        OrderKind.PROMOTION: [(name, six, "", "") for name in ("Алексеев", "Борисов", "Власов")]
    }
    kept = rollover.orders.get()
    decide(rollover, two, Outcome.REPEATS, again)
    assert drafted(rollover) == {
        OrderKind.PROMOTION: [("Алексеев", six, "", ""), ("Власов", six, "", "")],
        OrderKind.REPEAT_YEAR: [("Борисов", again, "", "")],
    }
    decide(rollover, two, Outcome.PROMOTED, six, "с похвальным листом")
    assert drafted(rollover) == {
        OrderKind.PROMOTION: [
            ("Алексеев", six, "", ""),
            ("Борисов", six, "", "с похвальным листом"),
            ("Власов", six, "", ""),
        ]
    }
    assert rollover.orders.get() == kept
    assert {one.pk, three.pk} == set(kept.lines.exclude(person=two).values_list("person", flat=True))


def test_dates_and_basis_reach_the_drafts(rollover):
    in_next(rollover, 6)
    make_pupil()
    drafted(rollover)
    day = rollover.next_year.starts + DAY
    actions.change_terms(rollover, promotion_on=day, basis="Педсовет №7", by=BY)
    assert [one.is_changed for one in actions.draft_orders(rollover, by=BY) if one.order] == [True]
    order = rollover.orders.get()
    assert (order.effective_on, order.basis) == (day, "Педсовет №7")


def test_the_director_of_the_day_signs(rollover):
    in_next(rollover, 6)
    make_pupil()
    make_employee(position="director", surname="Иванова", name="Мария", patronymic="Петровна")
    acting = make_employee(position="director", is_acting=True, surname="Белая", name="Елена", patronymic="")
    actions.draft_orders(rollover, by=BY)
    order = rollover.orders.get()
    assert (order.signatory, order.signatory_name) == (acting, "И. о. директора Белая\xa0Е.")


@pytest.mark.parametrize("name", ["promotion_on", "graduation_on", "leaving_on"])
def test_days_out_of_the_year_are_refused(rollover, name):
    with pytest.raises(ValidationError) as refusal:
        actions.change_terms(rollover, **{name: rollover.year.starts}, by=BY)
    assert list(refusal.value.message_dict) == [name]


def test_whom_a_signed_order_names_is_in_no_draft(rollover):
    in_next(rollover, 6)
    pupil = make_pupil(surname="Первый")
    drafted(rollover)
    order = rollover.orders.get()
    orders.change_order(order, by=BY, number="1-к", signatory_name="Директор")
    orders.sign(order, by=BY)
    make_pupil(surname="Второй")
    assert [line[0] for line in drafted(rollover)[OrderKind.PROMOTION]] == ["Второй"]
    assert (row_of(rollover, pupil).is_open, rollover.orders.count()) == (False, 2)


def test_a_cancelled_order_asks_again(rollover):
    in_next(rollover, 6)
    pupil = make_pupil()
    drafted(rollover)
    carry_out(rollover)
    order = rollover.orders.get()
    change = orders.draft_change(order, kind=OrderKind.CANCELLATION, by=BY)
    orders.change_order(change, by=BY, number="отмена", signatory_name="Директор")
    execution.execute(orders.sign(change, by=BY), by=BY)
    assert row_of(rollover, pupil).is_open
    order.refresh_from_db()
    assert next_step(order).startswith("Отменён")
    assert list(drafted(rollover)) == [OrderKind.PROMOTION]


# Checks


def test_a_calm_school_has_nothing_to_mend_but_teachers_and_the_backup(rollover):
    in_next(rollover, 6)
    make_pupil()
    assert set(findings(rollover)) == {"Классные руководители следующего года", "Резервная копия"}
    make_employee(position="class_teacher", school_class=in_next(rollover, 6))
    AuditEntry.objects.create(action="backup.made", object_type="accounts.schoolcard", object_id="1")
    assert findings(rollover) == {}


def test_checks_name_what_is_wrong_and_lead_to_where_it_is_mended(rollover):
    in_next(rollover, 6)
    seven = make_class(grade=7)
    stray = make_pupil(surname="Ничейный", school_class=seven)
    lost = make_pupil(surname="Потерянный", ends=TODAY - DAY)
    past = make_class(grade=4, year=make_year(starts=rollover.year.starts - 30 * DAY))
    old = make_pupil(surname="Прошлый", school_class=past)
    twin = make_pupil(surname="Двойной", name="Ян", patronymic="", school_class=make_class(grade=5))
    make_pupil(surname="двойной", name="Ян", patronymic="", school_class=make_class(grade=5))
    waiting = orders.create_order(kind=OrderKind.EXPULSION, by=BY)
    later = orders.create_order(kind=OrderKind.EXPULSION, by=BY, effective_on=TODAY + DAY)
    Order.objects.filter(pk=later.pk).update(state="executed", number="9", number_key="9")
    found = {title: [(one.level, one.url) for one in rows] for title, rows in findings(rollover).items()}
    assert found["Классы следующего года"] == [("error", f"/rollover/{rollover.pk}/classes/")]
    assert found["Решения о каждом"] == [("warning", f"/rollover/{rollover.pk}/pupils/{seven.pk}/")]
    assert found["Обучающиеся без класса"] == [
        ("warning", f"/people/{lost.pk}/"),
        ("error", f"/people/{old.pk}/"),
    ]
    assert [level for level, _ in found["Двойные записи"]] == ["error"]
    assert found["Неисполненные приказы об обучающихся"] == [("warning", f"/orders/{waiting.pk}/")]
    assert found["Приказы, которые ещё не вступили в силу"] == [("warning", f"/orders/{later.pk}/")]
    assert stray.initials in findings(rollover)["Решения о каждом"][0].text
    assert str(twin) in findings(rollover)["Двойные записи"][0].text


def test_other_apps_add_their_checks(rollover, monkeypatch):
    asked = []

    def unclosed(year, date):
        asked.append((year, date))
        return [checks.Finding(checks.ERROR, "5 «А»: четверть не закрыта", "/journal/")]

    monkeypatch.setitem(PREFLIGHT_CHECKS._entries, "Незакрытые отметки", unclosed)
    first = checks.run(preview_of(rollover))[0]
    assert (first.title, first.level, asked) == ("Незакрытые отметки", "error", [(rollover.year, TODAY)])


# Pages


def deputy_of(client) -> User:
    person = make_employee(position="deputy")
    sign_in(client, person)
    return person


def test_the_whole_way_on_pages(client):
    five, nine = make_class(grade=5), make_class(grade=9)
    moved, grown = make_pupil(surname="Пятый", school_class=five), make_pupil(surname="Девятый", school_class=nine)
    deputy = deputy_of(client)
    assert "Начать переход" in client.get("/rollover/").content.decode()
    answer = client.post("/rollover/start/", {"year": five.year_id}, follow=True)
    rollover = Rollover.objects.get()
    base = f"/rollover/{rollover.pk}/"
    assert answer.redirect_chain == [(f"{base}classes/", 302)]
    answer = client.post(f"{base}classes/", {f"next_{five.pk}": "6А", "new": "1А, 1Б"})
    assert (answer.status_code, answer["Location"]) == (302, f"{base}checks/")
    form = client.get(f"{base}pupils/{five.pk}/").context["form"]
    target = in_next(rollover, 6)
    data = {
        "seen": form["seen"].value(),
        f"outcome_{moved.pk}": f"conditional-{target.pk}",
        f"remark_{moved.pk}": " до  1.10 ",
    }
    answer = client.post(f"{base}pupils/{five.pk}/", data)
    assert answer["Location"] == f"{base}pupils/{nine.pk}/"
    assert row_of(rollover, moved).choice == Choice(Outcome.CONDITIONAL, target, "до 1.10")
    client.post(f"{base}orders/")
    assert sorted(rollover.orders.values_list("kind", "created_by")) == [
        ("conditional_promotion", deputy.pk),
        ("graduation", deputy.pk),
    ]
    carry_out(rollover)
    page = client.get(base).content.decode()
    assert "Готово: приказы исполнены" in page
    assert row_of(rollover, grown).settled.startswith("выпуск, Приказ №")


def test_a_stale_form_saves_nothing_and_says_so(client, rollover):
    in_next(rollover, 6)
    pupil = make_pupil()
    deputy_of(client)
    path = f"/rollover/{rollover.pk}/pupils/{make_class(grade=5).pk}/"
    answer = client.post(path, {"seen": "x", f"outcome_{pupil.pk}": "expelled", f"remark_{pupil.pk}": ""})
    assert "что-то изменилось" in answer.content.decode()
    assert not RolloverDecision.objects.exists()


def test_wrong_names_of_classes_are_shown_beside_them(client, rollover):
    five = make_class(grade=5)
    deputy_of(client)
    answer = client.post(f"/rollover/{rollover.pk}/classes/", {f"next_{five.pk}": "шестой", "new": "1А"})
    assert answer.status_code == 200
    assert "Не похоже на класс: «шестой»" in answer.content.decode()
    assert not rollover.next_year.classes.exists()


def test_a_class_of_another_year_is_not_found(client, rollover):
    other = in_next(rollover, 6)
    deputy_of(client)
    assert client.get(f"/rollover/{rollover.pk}/pupils/{other.pk}/").status_code == 404


PAGES = ["", "classes/", "checks/", "pupils/", "terms/", "orders/", "pupils/{five}/"]


@pytest.mark.parametrize("who", ["teacher", "class_teacher", "credentials_officer", "pupil"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_are_refused(client, rollover, who, method):
    five = make_class(grade=5)
    make_pupil(surname="Секретов", school_class=five)
    is_pupil = who == "pupil"
    sign_in(client, make_pupil() if is_pupil else make_employee(position=who, school_class=five))
    before = [model.objects.count() for model in (SchoolClass, RolloverDecision, Order, Rollover)]
    base = f"/rollover/{rollover.pk}/"
    paths = ["/rollover/", "/rollover/start/", *(base + page.format(five=five.pk) for page in PAGES)]
    answers = [getattr(client, method)(path) for path in paths]
    assert {answer.status_code for answer in answers} == {403}
    assert not any("Секретов" in answer.content.decode() for answer in answers)
    assert [model.objects.count() for model in (SchoolClass, RolloverDecision, Order, Rollover)] == before


def fill(rollover: Rollover, count: int) -> None:
    for n in range(count):
        pupil = make_pupil(surname=f"Фамилия{n}", school_class=make_class(grade=1 + n % 9))
        in_next(rollover, 1 + n % 9)
        if n % 3 == 0:
            RolloverDecision.objects.create(
                rollover=rollover, pupil=pupil, school_class=make_class(grade=1 + n % 9), outcome="expelled"
            )


@pytest.mark.parametrize("page", PAGES)
def test_queries_do_not_grow_with_pupils(client, rollover, page):
    five = make_class(grade=5)
    make_pupil(school_class=five)
    fill(rollover, 1)
    actions.draft_orders(rollover, by=BY)
    deputy_of(client)
    path = f"/rollover/{rollover.pk}/{page.format(five=five.pk)}"
    few = queries(client, path)
    fill(rollover, 30)
    for _ in range(30):
        make_pupil(school_class=five)
    actions.draft_orders(rollover, by=BY)
    assert queries(client, path) == few
    assert few <= 35


def queries(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as context:
        assert client.get(path).status_code == 200
    return len(context)


# Twice


def facts() -> dict[str, list]:
    models = (AcademicYear, SchoolClass, Enrolment, NextClass, RolloverDecision, Order, OrderLine, Rollover, AuditEntry)
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}


def run_through(by: Actor) -> None:
    """All the steps, as the pages take them, with every proposal accepted."""
    rollover = actions.start(AcademicYear.objects.on(TODAY).get(), by=by)
    preview = Preview(rollover, TODAY)
    names = {one.school_class: one.name for one in proposals(preview)}
    actions.set_classes(rollover, names, first_classes(preview), by=by)
    for school_class in preview.classes:
        rows = Preview(rollover, TODAY, school_class).rows
        choices = {row.pupil.pk: row.choice for row in rows}
        actions.decide(rollover, school_class, choices, seen=mark_of(rows), by=by)
    actions.draft_orders(rollover, by=by)


@pytest.mark.clause("6.7")
def test_the_demo_school_twice(monkeypatch, client):
    monkeypatch.setitem(os.environ, "DEMO_PASSWORD", "Ромашка-на-лугу-29")
    User.objects.all().delete()
    call_command("demo", pupils=60, teachers=8, stdout=StringIO())
    this_year = set(SchoolClass.objects.of_year_on(TODAY))
    enrolled = list(Enrolment.objects.on(TODAY).values_list("pupil", "school_class__grade"))
    graduates = {pupil for pupil, grade in enrolled if grade == 9}
    run_through(BY)
    once = facts()
    run_through(BY)
    assert facts() == once
    rollover = Rollover.objects.get()
    carry_out(rollover)
    once = facts()
    run_through(BY)
    assert facts() == once
    first = rollover.next_year.starts
    moved = set(Enrolment.objects.on(first).values_list("pupil", "school_class__grade"))
    assert moved == {(pupil, grade + 1) for pupil, grade in enrolled if grade < 9}
    assert not User.objects.alive(first).filter(pk__in=graduates).exists()
    assert User.objects.alive(rollover.graduation_on - DAY).filter(pk__in=graduates).count() == len(graduates)
    assert this_year <= set(SchoolClass.objects.all())
    sign_in(client, User.objects.get(username="deputy"))
    graduate = User.objects.get(pk=min(graduates))
    assert graduate.get_full_name() in client.get(f"/people/{graduate.pk}/").content.decode()
    nine = Enrolment.objects.get(pupil=graduate).school_class
    assert graduate.get_full_name() in client.get(f"/classes/{nine.pk}/").content.decode()


def test_nothing_is_moved_before_an_order(rollover):
    in_next(rollover, 6)
    pupil = make_pupil()
    before = list(Enrolment.objects.values_list())
    decide(rollover, pupil, Outcome.PROMOTED, in_next(rollover, 6))
    drafted(rollover)
    assert list(Enrolment.objects.values_list()) == before
    assert Enrolment.objects.get(pupil=pupil).starts == LONG_AGO


def test_a_superuser_opens_the_wizard(client):
    sign_in(client, make_person(is_superuser=True))
    assert client.get("/rollover/").status_code == 200
