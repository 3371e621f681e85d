"""Interim attestation of a class with two debts: retakes, conditional promotion, clearing, and the rollover preview
agrees at every step (1.3 b; 273-ФЗ, ст. 58)."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import AuditEntry, Notification, Rollover, SchoolCard, User
from journal.models import AcademicDebt, InterimAssessment, Retake
from resources.actions.registry import load_registry
from resources.models import CurriculumHours
from tests.factories import (
    make_class,
    make_curriculum,
    make_edition,
    make_employee,
    make_parent,
    make_pupil,
    make_rollover,
    make_subject,
    make_year,
    sign_in,
)
from tests.journal.factories import make_gradebook, make_load, make_terms

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 b")]
SUBJECTS = ("Алгебра", "Химия")


@pytest.fixture
def clock(monkeypatch):
    def set_to(day: str) -> None:
        moment = datetime.datetime.fromisoformat(f"{day} 09:00").replace(tzinfo=ZoneInfo("Europe/Moscow"))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def _sent(value):
    """As a browser sends a field: nothing chosen is an empty list or an empty word."""
    if isinstance(value, QuerySet):
        return [one.pk for one in value]
    return "" if value is None else value


class School:
    """8 «А» and 9 «А» of 2026/2027 with a curriculum that attests two subjects, and the people of it."""

    def __init__(self, client):
        self.client = client
        load_registry(by=Actor.command("проверка"))
        make_edition()
        SchoolCard.objects.update_or_create(pk=1, defaults={"highest_grade": 9, "parents_have_cabinets": True})
        self.year = make_year(starts=datetime.date(2026, 9, 1))
        self.eight, self.nine = (make_class(grade=grade, year=self.year) for grade in (8, 9))
        make_curriculum(hours={name: {8: 3, 9: 3} for name in (*SUBJECTS, "Музыка")}, approved=True, year=self.year)
        attested = CurriculumHours.objects.filter(row__subject__name__in=SUBJECTS)
        attested.update(attestation="контрольная работа")
        calendar = make_terms(self.year)
        calendar.entries.create(
            kind="attestation", name="Аттестация", starts=datetime.date(2027, 5, 12), ends=datetime.date(2027, 5, 22)
        )
        self._people()
        self.rollover: Rollover = make_rollover(year=self.year)
        self.next = make_class(grade=9, year=self.rollover.next_year)

    def _people(self) -> None:
        begin = self.year.starts
        self.deputy = make_employee(position="deputy", surname="Белая")
        self.teacher, self.other = make_employee(surname="Соловьёва"), make_employee(surname="Зайцева")
        for school_class in (self.eight, self.nine):
            for name in (*SUBJECTS, "Музыка"):
                book = make_gradebook(school_class=school_class, subject=make_subject(name))
                make_load(self.teacher, book, starts=begin, ends=self.year.ends)
        own = {"school_class": self.eight, "starts": begin}
        self.debtor = make_pupil(surname="Долгов", **own)
        self.stuck = make_pupil(surname="Застрялов", **own)
        self.good = make_pupil(surname="Умнов", **own)
        self.graduate = make_pupil(surname="Выпускной", school_class=self.nine, starts=begin)
        self.free = make_pupil(surname="Свободный", school_class=self.nine, starts=begin)
        self.mother = make_parent(child=self.debtor, surname="Долгова")

    def enter(self, person: User):
        sign_in(self.client, User.objects.get(pk=person.pk))
        return self.client

    def post(self, person: User, address: str, **data):
        """Posts a page's form as it stands, with some fields changed; what the page answers."""
        client = self.enter(person)
        shown = client.get(address).context["form"]
        whole = {name: sent for name in shown.fields if (sent := _sent(shown[name].value())) != ""}
        return client.post(address, whole | data)

    def results(self, subject: str, school_class, codes: dict[User, str]):
        row = InterimAssessment.objects.get(gradebook__subject__name=subject, gradebook__school_class=school_class)
        values = {f"result_{pupil.pk}": code for pupil, code in codes.items()}
        return self.post(self.teacher, f"/journal/attestation/{row.pk}/", **values)

    def debt(self, pupil: User, subject: str) -> AcademicDebt:
        return AcademicDebt.objects.get(pupil=pupil, gradebook__subject__name=subject)

    def retake(self, debt: AcademicDebt, day: str, **data):
        return self.post(self.deputy, f"/journal/debts/{debt.pk}/retakes/add/", date=day, **data)

    def take(self, debt: AcademicDebt, number: int, code: str, by: User | None = None):
        return self.post(by or self.teacher, f"/journal/debts/{debt.pk}/retakes/{number}/result/", code=code)

    def preview(self, school_class=None) -> dict[str, tuple[str, str]]:
        """What the page of the rollover proposes for a class: surname → (outcome, why)."""
        school_class = school_class or self.eight
        page = self.enter(self.deputy).get(f"/rollover/{self.rollover.pk}/pupils/{school_class.pk}/")
        rows = page.context["form"].rows
        body = page.content.decode()
        assert all(row.explanation in body for row in rows)
        return {row.pupil.surname: (row.choice.outcome, row.explanation) for row in rows}


@pytest.fixture
def school(client, clock):
    clock("2027-05-10")
    return School(client)


def failures(page) -> str:
    """What the form refuses, in words."""
    return " ".join(str(error) for errors in page.context["form"].errors.values() for error in errors)


def scheduled(school: School, clock) -> None:
    """The schedule of both classes, made of the curriculum, with days; one lies outside the calendar's."""
    client = school.enter(school.deputy)
    for school_class in (school.eight, school.nine):
        client.post(f"/journal/attestation/classes/{school_class.pk}/make/")
        rows = InterimAssessment.objects.filter(gradebook__school_class=school_class)
        days = {f"date_{row.pk}": "2027-05-18" for row in rows}
        school.post(school.deputy, f"/journal/attestation/classes/{school_class.pk}/days/", **days)
    clock("2027-05-18")


def test_the_schedule_is_made_of_the_curriculum_and_warns_of_odd_days(school, clock):
    scheduled(school, clock)
    rows = InterimAssessment.objects.filter(gradebook__school_class=school.eight).listed()
    form, day = "контрольная работа", datetime.date(2027, 5, 18)
    assert [(str(one.gradebook.subject), one.form, one.date) for one in rows] == [
        ("Алгебра", form, day), ("Химия", form, day)
    ]  # fmt: skip
    address = f"/journal/attestation/classes/{school.eight.pk}/"
    assert "вне сроков" not in school.enter(school.teacher).get(address).content.decode()
    row = rows.first()
    people = [school.teacher.pk, school.other.pk]
    school.post(school.deputy, f"/journal/attestation/{row.pk}/change/", date="2027-04-20", commission=people)
    page = school.enter(school.teacher).get(address).content.decode()
    assert "день вне сроков аттестации по календарному графику" in page
    assert '<span class="nowrap">Зайцева\xa0А.\xa0С.</span>' in page
    mine = school.enter(school.mother).get("/journal/attestation/mine/").content.decode()
    assert ("20.04.2027" in mine, "Зайцева" in mine) == (True, True)
    refused = school.post(school.deputy, f"/journal/attestation/{row.pk}/change/", date="2028-04-20")
    assert failures(refused) == "Алгебра: день вне учебного года (01.09.2026 — 31.08.2027)."


def test_two_debts_retakes_conditional_promotion_and_clearing(school, clock):
    scheduled(school, clock)
    marks = {school.debtor: "2", school.stuck: "3", school.good: "5"}
    school.results("Алгебра", school.eight, marks)
    school.results("Химия", school.eight, {school.debtor: "missed", school.stuck: "2", school.good: "4"})
    school.results("Химия", school.nine, {school.graduate: "нзч", school.free: "зач"})
    assert AcademicDebt.objects.open().count() == 4
    assert school.preview() == {
        "Долгов": ("conditional", "2 академические задолженности: Алгебра, Химия"),
        "Застрялов": ("conditional", "1 академическая задолженность: Химия"),
        "Умнов": ("promoted", ""),
    }
    nine = school.preview(school.nine)
    assert nine["Свободный"] == ("graduates", "")
    assert nine["Выпускной"][0] == "undecided"
    assert "допускают без задолженностей" in nine["Выпускной"][1]

    algebra, chemistry = school.debt(school.debtor, "Алгебра"), school.debt(school.debtor, "Химия")
    early = school.retake(algebra, "2027-05-18")
    assert failures(early) == "Пересдача — позже 18.05.2027."
    late = school.retake(algebra, "2028-06-01")
    assert "какое время не считается" in failures(late)
    school.retake(algebra, "2027-06-10")
    assert failures(school.take(algebra, 1, "4")) == (
        "Пересдача — 10.06.2027. До этого дня результата быть не может."
    )  # fmt: skip
    assert "Сначала внесите результат" in failures(school.retake(algebra, "2027-06-15"))

    clock("2027-06-10")
    school.take(algebra, 1, "2")
    assert "Вторую пересдачу принимает комиссия" in failures(
        school.retake(algebra, "2027-06-20", commission=[school.teacher.pk])
    )
    school.retake(algebra, "2027-06-20", commission=[school.teacher.pk, school.other.pk])
    school.retake(chemistry, "2027-06-10")
    assert failures(school.retake(chemistry, "2027-06-18")) != ""
    for number, day in ((1, "2027-06-10"), (2, "2027-06-20")):
        school.retake(school.debt(school.stuck, "Химия"), day, commission=[school.teacher.pk, school.other.pk])
        clock(day)
        school.take(school.debt(school.stuck, "Химия"), number, "missed")
    school.take(chemistry, 1, "3")
    assert school.preview()["Долгов"] == ("conditional", "1 академическая задолженность: Алгебра")
    outcome, why = school.preview()["Застрялов"]
    assert (outcome, "выбирают родители" in why) == ("undecided", True)
    assert "Обе пересдачи использованы" in failures(
        school.retake(school.debt(school.stuck, "Химия"), "2027-06-25", commission=[school.deputy.pk])
    )

    school.take(algebra, 2, "3")
    told = Notification.objects.filter(person=school.mother, url__endswith=f"/{algebra.pk}/").order_by("pk")
    assert [one.text.partition(": ")[2] for one in told] == [
        "1-я пересдача — 10.06.2027", "2-я пересдача — 20.06.2027", "задолженность ликвидирована 20.06.2027",
    ]  # fmt: skip
    assert school.debt(school.debtor, "Алгебра").cleared_on == datetime.date(2027, 6, 20)
    assert school.debt(school.debtor, "Химия").cleared_on == datetime.date(2027, 6, 10)
    assert school.preview()["Долгов"] == ("promoted", "")
    assert AuditEntry.objects.filter(action="academic_debt.cleared").count() == 2
    whole = school.enter(school.deputy).get(f"/rollover/{school.rollover.pk}/pupils/")
    counts = {str(one.school_class): dict(one.counts) for one in whole.context["preview"].summary}
    assert counts == {"8\xa0«А»": {"не решено": 1, "переведён": 2}, "9\xa0«А»": {"не решено": 1, "выпуск": 1}}


def test_a_result_mended_takes_its_debt_away_until_a_retake_is_set(school, clock):
    scheduled(school, clock)
    school.results("Алгебра", school.eight, {school.debtor: "2", school.good: "2"})
    school.results("Алгебра", school.eight, {school.debtor: "", school.good: "2"})
    assert list(AcademicDebt.objects.values_list("pupil", flat=True)) == [school.good.pk]
    school.retake(school.debt(school.good, "Алгебра"), "2027-06-01")
    answer = school.results("Алгебра", school.eight, {school.good: "5"})
    assert "пересдачи уже назначены" in failures(answer)
    retake = Retake.objects.get()
    school.enter(school.deputy).post(f"/journal/debts/{retake.debt_id}/retakes/1/cancel/")
    school.results("Алгебра", school.eight, {school.good: "5"})
    assert (AcademicDebt.objects.count(), Retake.objects.count()) == (0, 0)


def test_preflight_names_missing_results_and_decisions_that_forget_a_debt(school, clock):
    scheduled(school, clock)
    decided = {"pupil": school.good, "school_class": school.eight, "outcome": "promoted", "next_class": school.next}
    school.rollover.decisions.create(**decided)
    school.results("Алгебра", school.eight, {school.good: "2", school.stuck: "4"})
    page = school.enter(school.deputy).get(f"/rollover/{school.rollover.pk}/checks/")
    found = {one.title: [row.text for row in one.findings] for one in page.context["checks"]}
    assert found["Промежуточная аттестация"] == [
        "8\xa0«А»: не внесено результатов — 4.", "9\xa0«А»: не внесено результатов — 4.",
        f"{school.good}: решено «переведён», а задолженности открыты.",
    ]  # fmt: skip
