"""Hours of the thematic plan against the curriculum's, and what waits for who runs the programmes (6.1, 6.2)."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.actor import Actor
from accounts.counters import waiting_for
from eios.lib.dates import today
from resources import plan_hours
from resources.actions import programmes as actions
from resources.importing import thematic_plan
from resources.models import CurriculumHours, CurriculumRow, Element, Programme
from tests.factories import (
    make_curriculum,
    make_employee,
    make_privilege,
    make_programme,
    make_subject,
    recognised,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture
def author():
    return make_employee(surname="Авторова")


@pytest.fixture
def deputy():
    person = make_employee(position="deputy", surname="Завучева")
    make_privilege(Element.objects.get(slug="programmes"), person=person, right="contribute")
    return person


def planned(programme: Programme, hours: str) -> Programme:
    actions.set_plan(programme, thematic_plan.from_text(f"Тема; {hours}"), by=Actor.command("tests"))
    return programme


@pytest.mark.clause("6.2")
def test_hours_are_compared_by_the_weeks_of_each_grade(author):
    algebra, course = make_subject("Алгебра"), "Готовимся к ОГЭ"
    plan = make_curriculum(hours={"Алгебра": {7: 3, 8: Decimal("2.5")}}, approved=True)
    plan.weeks.filter(grade=8).update(weeks=33)
    formed = CurriculumRow.objects.create(curriculum=plan, part="formed", subject=algebra)
    extra = CurriculumRow.objects.create(curriculum=plan, part="extra", title=course)
    CurriculumHours.objects.create(row=formed, grade=7, hours=1)
    CurriculumHours.objects.create(row=extra, grade=9, hours=2)

    def compared(hours, subject=algebra, **fields):
        found = plan_hours.of(planned(make_programme(subject, author=author, state="draft", **fields), hours))
        return found and (found.differ, found.shares is not None and found.due)

    assert compared("136") == (False, 136)
    assert compared("102") == (True, 136)
    assert compared("82.5", grade=8) == (False, Decimal("82.5"))
    assert compared("218.5", grade_to=8) == (False, Decimal("218.5"))
    assert compared("68", make_subject("Музыка")) == (True, 0)
    assert compared("68", grade=9, kind="extracurricular", title=course) == (False, 68)
    assert compared("68", grade=9, kind="extracurricular", title="Хор") is None
    assert compared("68", kind="practice", title="Практика") is None
    # No curriculum of grades 1–4 is approved: nothing to compare with, and nothing to warn of.
    assert compared("68", grade=4) == (False, False)
    assert compared("200", grade=4, grade_to=7) == (False, False)


@pytest.mark.clause("6.2")
def test_a_programme_with_other_hours_is_submitted_knowingly(client, author):
    make_curriculum(hours={"Алгебра": {7: 3}}, approved=True)
    draft = planned(make_programme(make_subject("Алгебра"), author=author, state="draft"), "100,5")
    submit, words = reverse("resources:programme_submit", args=[draft.pk]), "на 1,5 ч меньше"
    sign_in(client, author)
    for address in (draft.get_absolute_url(), reverse("resources:programme_plan", args=[draft.pk])):
        assert words in client.get(address).text
    asked = client.post(submit)
    assert (asked.status_code, words in asked.text) == (200, True)
    seen = {"hours": asked.context["form"].initial["hours"]}
    # The plan has changed since: what was seen is not what would be sent.
    planned(draft, "90")
    assert client.post(submit, seen).status_code == 200
    assert client.post(submit, {"hours": "я" * 50}).status_code == 200
    assert Programme.objects.get().state == "draft"
    planned(draft, "100,5")
    assert client.post(submit, seen).status_code == 302
    assert Programme.objects.get().state == "submitted"
    # Whoever only reads sees the plan and not the reckoning.
    Programme.objects.update(state="considered")
    sign_in(client, make_employee(surname="Чужих"))
    assert client.get(draft.get_absolute_url()).status_code == 404
    sign_in(client, author)
    assert words not in client.get(draft.get_absolute_url()).text


def test_equal_hours_ask_nothing(client, author):
    make_curriculum(hours={"Алгебра": {7: 3}}, approved=True)
    draft = planned(make_programme(make_subject("Алгебра"), author=author, state="draft"), "102")
    sign_in(client, author)
    assert "Часы сходятся с учебным планом: 102 ч" in client.get(draft.get_absolute_url()).text
    client.post(reverse("resources:programme_submit", args=[draft.pk]))
    assert Programme.objects.get().state == "submitted"


@pytest.mark.clause("6.1")
def test_the_cabinet_counts_what_waits_for_who_runs_the_section(client, author, deputy):
    for state in ("considered", "considered", "agreed", "draft"):
        make_programme(make_subject(), author=author, state=state)

    def waits(person):
        return [(one.text, one.url) for one in waiting_for(recognised(person), today()) if "программ" in one.text]

    assert waits(deputy) == [
        ("Согласуйте: 2 программы", "/programmes/mine/?state=considered"),
        ("Утвердите приказом: 1 программа", "/programmes/approve/"),
    ]
    # By position alone nobody runs the section, nor does its author.
    assert [waits(person) for person in (make_employee(position="director"), author)] == [[], []]
    sign_in(client, deputy)
    assert "Согласуйте: 2 программы" in client.get(reverse("eios:cabinet")).text
    page = reverse("resources:programme_mine")

    def states(**filters):
        return sorted({row.state for row in client.get(page, filters).context["page"]})

    assert [states(state="considered"), states(state="approved"), states()] == [
        ["considered"], ["agreed", "considered", "draft"], ["agreed", "considered", "draft"],
    ]  # fmt: skip
    assert "В таком состоянии программ нет" in client.get(page, {"state": "submitted"}).text
