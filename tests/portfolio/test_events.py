"""Events entered once with many participants: whose names, copies of the event, doubles, a frozen portfolio (11.1)."""

import datetime
import re

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from eios.lib.dates import today
from portfolio.models import Achievement, Event, Portfolio
from tests import factories
from tests.factories import sign_in
from tests.portfolio.factories import make_achievement, make_event, make_share

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.6", "11.1", "11.3")]
FIELDS = {
    "title": "Турнир по шахматам", "sphere": "sport", "stage": "", "level": "school", "subject": "", "date": "",
    "ends": "", "mode": "in_person", "organiser": "Школа", "link": "", "note": "",
}  # fmt: skip


@pytest.fixture
def school(site):
    school_class = factories.make_class(grade=8)
    pupils = [factories.make_pupil(school_class=school_class, surname=name) for name in ("Арбузов", "Берёзкина")]
    return {
        "class": school_class, "pupils": pupils, "teacher": factories.make_employee(position="teacher"),
        "other": factories.make_employee(position="teacher"), "deputy": factories.make_employee(position="deputy"),
    }  # fmt: skip


def post(client, address: str, **fields) -> str:
    """The page that answers a post of the form as it stands, with these fields."""
    shown = client.get(address).content.decode()
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', shown)
    fields = {"seen": seen[1] if seen else ""} | fields
    answer = client.post(address, {name: value for name, value in fields.items() if value is not None}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_teacher_enters_an_event_with_a_class_at_once(client, school):
    """Names are for the one who entered it and the management; a change of the event changes every entry."""
    first, second = school["pupils"]
    sign_in(client, school["teacher"])
    assert "Турнир" in post(client, "/portfolio/events/add/", **FIELDS | {"date": today().isoformat()})
    event = Event.objects.get()
    where = f"/portfolio/events/{event.pk}/"
    chosen = f"{where}participants/add/?school_class={school['class'].pk}"
    asked = {f"outcome-{first.pk}": "winner", f"place-{first.pk}": "1", "mentor": "Ладьин К. К.", "team": ""}
    assert "Внесено: 1 участник." in post(client, chosen, **asked)
    assert "уже внесён" in client.get(chosen).content.decode()
    assert "Выберите результат" in post(client, chosen, **{f"place-{second.pk}": "5"})
    assert "Внесено: 1" in post(client, f"{where}participants/add/?q=березк", **{f"outcome-{second.pk}": "participant"})
    values = ("origin", "state", "title", "sphere", "outcome", "place", "mentor", "grade", "created_by")
    assert Achievement.objects.filter(pupil=first).values_list(*values).get() == (
        "staff", "confirmed", "Турнир по шахматам", "sport", "winner", "1", "Ладьин К. К.", 8, school["teacher"].pk,
    )  # fmt: skip

    sign_in(client, school["other"])
    page = client.get(where).content.decode()
    assert "Участников: 2" in page
    assert not [pupil for pupil in school["pupils"] if pupil.surname in page]
    closed = ["change/", "remove/", "participants/add/", f"participants/{first.achievements.get().pk}/"]
    assert {client.get(where + one).status_code for one in closed} == {404}
    assert {client.post(where + one, FIELDS).status_code for one in closed} == {404}

    # The administrator of the installation opens no portfolio, not even of an event entered before.
    admin = factories.make_employee(position="system_administrator")
    make_event(title="Внёс администратор", created_by=admin)
    sign_in(client, admin)
    pages = ("events/", "events/add/", f"events/{event.pk}/", f"events/{Event.objects.last().pk}/participants/add/",
             "imports/", "imports/olympiad/", "imports/record/")  # fmt: skip
    assert {client.get(f"/portfolio/{page}").status_code for page in pages} == {403}
    Event.objects.filter(created_by=admin).delete()

    sign_in(client, school["deputy"])
    assert "Арбузов" in client.get(where).content.decode()
    changed = FIELDS | {"title": "Шахматный турнир", "stage": "municipal", "level": "", "sphere": "academic"}
    post(client, f"{where}change/", **changed | {"date": (today() - datetime.timedelta(days=1)).isoformat()})
    entries = set(Achievement.objects.values_list("title", "title_key", "level", "stage", "sphere", "date"))
    yesterday = today() - datetime.timedelta(days=1)
    assert entries == {("Шахматный турнир", "шахматный турнир", "municipal", "municipal", "academic", yesterday)}

    row = second.achievements.get()
    result = {"outcome": "prize", "place": "3", "team": "", "mentor": "", "grade_performed": "9"}
    assert "Результат записан" in post(client, f"{where}participants/{row.pk}/", **result)
    double = make_achievement(first, same_as=first.achievements.get())
    share = make_share(first, achievements=[first.achievements.get(origin="staff")], code="abcd")
    assert "исчезнет из портфолио 2 учеников" in client.get(f"{where}remove/").content.decode()
    assert "Мероприятие удалено" in post(client, f"{where}remove/")
    assert [Event.objects.count(), share.achievements.count()] == [0, 0]
    double.refresh_from_db()
    assert (double.same_as, Achievement.objects.count()) == (None, 1)
    told = AuditEntry.objects.filter(action__in=["event.added", "event.changed", "event.deleted"]).order_by("pk")
    assert [one.action for one in told] == ["event.added", "event.changed", "event.deleted"]
    assert AuditEntry.objects.filter(action="achievement.deleted").count() == 2


def test_what_can_not_be_is_refused_with_clear_words(client, school):
    pupil, other = school["pupils"]
    sign_in(client, school["teacher"])
    day = {"date": today().isoformat()}
    make_event(**FIELDS | {"subject": None, "ends": None, "date": today(), "created_by": school["other"]})
    twin = post(client, "/portfolio/events/add/", **FIELDS | day | {"title": "  турнир по ШАХМАТАМ! "})
    assert "Такое мероприятие уже внесено: «Турнир по шахматам»" in twin
    for fields, words in (
        ({"level": ""}, "Выберите уровень"),
        ({"stage": "regional", "level": "school"}, "уровень региональный"),
        ({"title": "!!!"}, "Назовите мероприятие словами"),
        ({"ends": "2020-01-01"}, "не может быть раньше"),
        ({"date": "1026-01-01"}, "слишком далеко"),
        ({"date": "мусор"}, "дату"),
    ):
        assert words in post(client, "/portfolio/events/add/", **FIELDS | day | fields), fields
    future = make_event(title="Завтра", date=today() + datetime.timedelta(days=1), created_by=school["teacher"])
    where = f"/portfolio/events/{future.pk}/participants/add/?school_class={school['class'].pk}"
    assert "ещё впереди" in post(client, where, **{f"outcome-{pupil.pk}": "winner"})

    event = make_event(created_by=school["teacher"])
    entry = make_achievement(other, event=event, origin="staff", title=event.title, date=event.date)
    Portfolio.objects.create(pupil=other, frozen_at=timezone.now())
    Portfolio.objects.create(pupil=pupil, frozen_at=timezone.now())
    where = f"/portfolio/events/{event.pk}/"
    before = list(Achievement.objects.values()), list(Event.objects.values())
    form = FIELDS | day | {"title": "Другое"}
    for address, fields in (
        (f"{where}participants/add/?school_class={school['class'].pk}", {f"outcome-{pupil.pk}": "winner"}),
        (f"{where}change/", form),
        (f"{where}remove/", {}),
        (f"{where}participants/{entry.pk}/", {"outcome": "winner"}),
        (f"{where}participants/{entry.pk}/remove/", {}),
    ):
        assert "Портфолио закрыто" in post(client, address, **fields), address
    assert (list(Achievement.objects.values()), list(Event.objects.values())) == before
