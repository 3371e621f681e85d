"""A pupil's achievements from draft to confirmed: who may do what, in which state, and what becomes of it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from accounts.models import AuditEntry, Notification, StoredFile, User
from eios.lib.dates import today
from portfolio.achievement_queue import seen_of
from portfolio.actions import achievement_checks as checks
from portfolio.actions import achievements as actions
from portfolio.models import Achievement, Portfolio, State
from tests import factories
from tests.factories import sign_in
from tests.portfolio.factories import make_achievement, make_share
from tests.samples import picture

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.6", "11.1", "11.3")]
LIST = "/portfolio/achievements/"
TYPED = {
    "title": "Олимпиада  «Ломоносов»", "sphere": "academic", "date": "2026-10-01", "level": "school",
    "stage": "regional", "outcome": "prize", "place": "2 место", "mode": "in_person", "subject": "",
    "grade_performed": "9", "orders": "Приказ № 15\n\n", "links": "Протокол https://example.ru/1\nexample.ru/2",
}  # fmt: skip


@pytest.fixture
def people(site):
    own = factories.make_class(grade=8)
    pupil = factories.make_pupil(school_class=own, age=14, name="Лев")
    return {
        "pupil": pupil,
        "other": factories.make_pupil(school_class=own),
        "parent": factories.make_parent(child=pupil),
        "lead": factories.make_employee(position="class_teacher", school_class=own),
        "stranger": factories.make_employee(
            position="class_teacher", school_class=factories.make_class(grade=8, letter="Б")
        ),
        "deputy": factories.make_employee(position="deputy"),
        "admin": factories.make_employee(position="system_administrator"),
    }


def by(person: User) -> Actor:
    return Actor(person, None, person.username)


def submitted(pupil: User, **fields) -> Achievement:
    """With one piece of evidence, submitted as the pupil does it."""
    entry = make_achievement(pupil, state="draft", **fields)
    entry.evidence.create(kind="order", title="Приказ № 1")
    return actions.submit(entry, by=by(pupil))


def tick_of(entry: Achievement) -> str:
    return f"{entry.pk}-{seen_of(entry)}"


def states() -> dict[str, str]:
    return dict(Achievement.objects.order_by("pk").values_list("title", "state"))


def test_a_pupil_enters_submits_takes_back_and_removes(client, people):
    sign_in(client, people["pupil"])
    file = SimpleUploadedFile("Диплом.png", picture(), content_type="image/png")
    client.post(LIST + "add/", TYPED | {"uploads": [file]})
    entry = Achievement.objects.get()
    assert (entry.title, entry.level, entry.grade, entry.grade_performed, entry.origin, entry.state) == (
        "Олимпиада «Ломоносов»", "regional", 8, 9, "pupil", "draft",
    )  # fmt: skip
    assert sorted(map(str, entry.evidence.all())) == ["https://example.ru/2", "Диплом.png", "Приказ № 15", "Протокол"]
    page = f"{LIST}{entry.pk}/"
    dropped = list(entry.evidence.filter(kind="link").values_list("pk", flat=True))
    client.post(page + "change/", TYPED | {"orders": "", "links": "", "title": "Ломоносов", "dropped": dropped})
    assert sorted(map(str, entry.evidence.all())) == ["Диплом.png", "Приказ № 15"]
    client.post(page + "submit/")
    entry.refresh_from_db()
    assert (entry.title, entry.state) == ("Ломоносов", "submitted")
    # What waits is changed by nobody: the page leads away, a post is refused with what was typed in the form.
    assert client.get(page + "change/").status_code == 302
    refused = client.post(page + "change/", TYPED | {"title": "Другое"})
    assert (refused.status_code, "сначала заберите" in refused.text, "Другое" in refused.text) == (200, True, True)
    client.post(page + "remove/")
    entry.refresh_from_db()
    assert (entry.title, entry.state) == ("Ломоносов", "submitted")
    client.post(page + "take-back/")
    assert client.get(page + "remove/").status_code == 200
    client.post(page + "remove/")
    assert not Achievement.objects.exists()
    done = AuditEntry.objects.filter(action__startswith="achievement.").order_by("pk").values_list("action", flat=True)
    assert [one.split(".")[1] for one in done] == ["added", "changed", "submitted", "taken_back", "deleted"]


def test_bad_input_is_told_and_keeps_nothing(client, people):
    sign_in(client, people["pupil"])
    tomorrow = today() + datetime.timedelta(days=1)
    bad = {
        "Этот день ещё не наступил": {"date": f"{tomorrow}"},
        "раньше дня рождения": {"date": "2005-01-01"},
        "Назовите мероприятие словами": {"title": "«!»"},
        "Выберите уровень или этап": {"level": "", "stage": ""},
        "за младших не выступают": {"grade_performed": "5"},
        "Это не ссылка": {"links": "javascript:alert(1)"},
        "не длиннее 200": {"orders": "я" * 201},
        "не больше 10 файлов": {"uploads": [SimpleUploadedFile("a.png", picture()) for _ in range(11)]},
        "пуст": {"uploads": [SimpleUploadedFile("a.png", b"")]},
        "Файл": {"uploads": [SimpleUploadedFile("Диплом.png", b"MZ\x90\x00" + b"\0" * 200)]},
        "не больше 20 подтверждений": {"orders": "\n".join(f"Приказ № {n}" for n in range(20))},
    }
    told = {words: client.post(LIST + "add/", TYPED | fields) for words, fields in bad.items()}
    assert {words: (answer.status_code, words in answer.text) for words, answer in told.items()} == dict.fromkeys(
        bad, (200, True)
    )
    assert (Achievement.objects.count(), StoredFile.objects.count()) == (0, 0)
    empty = make_achievement(people["pupil"], state="draft")
    assert "хотя бы одно подтверждение" in client.post(f"{LIST}{empty.pk}/submit/", follow=True).text
    assert states() == {empty.title: "draft"}


def test_two_tabs_do_not_overwrite_each_other(client, people):
    sign_in(client, people["pupil"])
    entry = make_achievement(people["pupil"], state="draft")
    page = f"{LIST}{entry.pk}/change/"
    seen = client.get(page).context["form"].initial["seen"]
    client.post(page, TYPED | {"title": "Первая вкладка", "seen": seen})
    second = client.post(page, TYPED | {"title": "Вторая вкладка", "seen": seen})
    assert ("Пока вы правили" in second.text, states()) == (True, {"Первая вкладка": "draft"})


@pytest.mark.clause("5.2")
def test_each_state_is_for_whom_it_concerns(client, people):
    pupil = people["pupil"]
    entries = {state: make_achievement(pupil, state=state, title=f"Запись {state}", reason="нет") for state in State}
    foreign = submitted(people["other"], title="Чужая запись")
    expected = {
        "parent": {"submitted", "confirmed", "replaced"},
        "lead": {"submitted", "confirmed", "replaced", "returned"},
        "deputy": {"submitted", "confirmed", "replaced", "returned"},
        "pupil": set(State),
        "other": set(),
        "stranger": set(),
        "admin": set(),
    }
    for name, seen in expected.items():
        sign_in(client, people[name])
        opened = {state for state, one in entries.items() if client.get(f"{LIST}{one.pk}/").status_code == 200}
        listed = client.get(f"/portfolio/pupils/{pupil.pk}/achievements/?state=")
        told = {state for state in State if f"Запись {state}" in listed.text}
        assert (name, opened, told) == (name, seen, seen - {"replaced"})
        assert (name, listed.status_code) == (name, 200 if seen else 404)
        assert "Чужая запись" not in listed.text
        # None but the pupil writes, whatever the key.
        verbs = ("change/", "submit/", "take-back/", "renew/", "remove/")
        theirs = foreign if name != "other" else entries[State.SUBMITTED]
        assert {client.post(f"{LIST}{theirs.pk}/{verb}").status_code for verb in verbs} == {404}
    foreign.refresh_from_db()
    kept = {entry.state for entry in Achievement.objects.filter(pupil=pupil)}
    assert (foreign.state, kept) == ("submitted", set(State))


def test_a_record_and_what_staff_entered_stand_apart_and_are_not_the_pupils_to_change(client, people):
    pupil = people["pupil"]
    as_of = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)
    record = make_achievement(pupil, title="Из учёта", origin="record", source="СГО", as_of=as_of)
    staff = make_achievement(pupil, title="От школы", origin="staff", created_by=people["lead"])
    own = make_achievement(pupil, title="Своё", date=datetime.date(2025, 3, 1))
    sign_in(client, pupil)
    page = client.get(LIST)
    assert [(group.title, [one.title for one in group.entries]) for group in page.context["groups"]] == [
        ("Из системы учёта", ["Из учёта"]), ("Внесено школой", ["От школы"]), ("От обучающегося", ["Своё"]),
    ]  # fmt: skip
    assert "данные на&nbsp;22.11.2026" in page.text
    for one in (record, staff):
        for verb in ("renew/", "remove/", "submit/"):
            client.post(f"{LIST}{one.pk}/{verb}")
        assert "внесла школа" in client.post(f"{LIST}{one.pk}/change/", TYPED).text
    assert states() == {"Из учёта": "confirmed", "От школы": "confirmed", "Своё": "confirmed"}
    found = {
        query: [one.title for one in client.get(LIST + query).context["page"]]
        for query in ("?origin=record", "?year=2024", "?q=СВОЁ", "?sphere=sport", "?state=zzz&year=x")
    }
    assert found == {
        "?origin=record": ["Из учёта"], "?year=2024": ["Своё"], "?q=СВОЁ": ["Своё"], "?sphere=sport": [],
        "?state=zzz&year=x": ["Из учёта", "От школы", "Своё"],
    }  # fmt: skip
    own.refresh_from_db()


def test_a_new_version_takes_the_place_of_the_confirmed_one(client, people):
    pupil, lead = people["pupil"], people["lead"]
    first = submitted(pupil, title="Конкурс", subject=factories.make_subject("Физика"))
    checks.confirm(first, seen=seen_of(first), by=by(lead))
    share = make_share(pupil, achievements=[first], code="abcd1234")
    double = make_achievement(pupil, title="Конкурс", origin="staff", same_as=first)
    sign_in(client, pupil)
    client.post(f"{LIST}{first.pk}/renew/")
    second = Achievement.objects.get(replaces=first)
    assert (second.version, second.state, second.subject, [str(one) for one in second.evidence.all()]) == (
        2, "draft", first.subject, ["Приказ № 1"],
    )  # fmt: skip
    # Once more leads to what was begun; until it is confirmed the former stands.
    assert client.post(f"{LIST}{first.pk}/renew/")["Location"] == f"{LIST}{second.pk}/"
    sign_in(client, people["parent"])
    assert client.get(f"{LIST}{first.pk}/").context["versions"] == []
    second = actions.submit(second, by=by(pupil))
    checks.confirm(second, seen=seen_of(second), by=by(lead))
    for row in (first, second, double):
        row.refresh_from_db()
    assert (first.state, second.state, double.same_as) == ("replaced", "confirmed", second)
    assert list(share.achievements.all()) == [second]
    assert client.get(f"{LIST}{first.pk}/").context["versions"] == [second, first]
    with pytest.raises(ValidationError):
        actions.renew(first, by=by(pupil))


def test_a_frozen_portfolio_takes_nothing(people):
    pupil, lead = people["pupil"], people["lead"]
    waiting, confirmed = submitted(pupil, title="Ждёт"), make_achievement(pupil, title="Подтверждена")
    other = submitted(people["other"], title="Другого")
    Portfolio.objects.create(pupil=pupil, frozen_at=waiting.submitted_at)
    new = Achievement(title="Новое", sphere="sport", level="school", date=today(), outcome="winner")
    verbs = (
        lambda: actions.save_draft(new, actions.Asked(), by=by(pupil)),
        lambda: actions.take_back(waiting, by=by(pupil)),
        lambda: actions.renew(confirmed, by=by(pupil)),
        lambda: checks.confirm(waiting, seen=seen_of(waiting), by=by(lead)),
        lambda: checks.send_back(waiting, "нет", seen=seen_of(waiting), by=by(lead)),
        lambda: checks.mark_same(confirmed, None, by=by(lead)),
    )
    for verb in verbs:
        with pytest.raises(ValidationError, match="Портфолио закрыто"):
            verb()
    ticked = [(one.pk, seen_of(one)) for one in (waiting, other)]
    outcome = checks.confirm_many(ticked, by=by(lead))
    assert (outcome.confirmed, [one for one, _ in outcome.skipped]) == ([other], [waiting])
    assert states() == {"Ждёт": "submitted", "Подтверждена": "confirmed", "Другого": "confirmed"}


# The queue


def test_many_are_confirmed_without_what_is_called_the_same(client, people):
    """Of two alike that wait the first counts; to what is in the record the class teacher says what the entry is."""
    pupil = people["pupil"]
    record = make_achievement(pupil, title="Конкурс чтецов", origin="record", source="СГО")
    again = submitted(pupil, title="Конкурс чтецов!")
    twins = [submitted(pupil, title="Кросс наций", sphere="sport") for _ in range(2)]
    other = submitted(people["other"], title="Кросс наций", sphere="sport")
    sign_in(client, people["lead"])
    ticked = [f"{one.pk}-{seen_of(one)}" for one in (again, *twins, other)]
    assert set(ticked) == {one.ticked for one in client.get("/portfolio/queue/").context["lines"]}
    page = client.post("/portfolio/queue/confirm/", {"entry": ticked}, follow=True).text
    assert page.count("Такая же запись за этот день уже подтверждена") == 2
    assert "Подтверждено: 2 записи." in page
    assert set(Achievement.objects.filter(state="confirmed")) == {record, twins[0], other}
    # One by one it is the person's word.
    checks.confirm(again, record, seen=seen_of(again), by=by(people["lead"]))
    checks.confirm(twins[1], seen=seen_of(twins[1]), by=by(people["lead"]))
    assert set(Achievement.objects.counted()) == {record, *twins, other}


def test_confirmed_entries_that_look_alike_are_listed_until_one_is_marked(client, people):
    """Between the groups too: the record came after the pupil's own had been confirmed."""
    pupil, page = people["pupil"], "/portfolio/queue/doubles/"
    own = make_achievement(pupil, title="Конкурс чтецов")
    make_achievement(pupil, title="Конкурс чтецов", date=today() - datetime.timedelta(days=1))
    make_achievement(pupil, title="Конкурс чтецов", state="submitted")
    make_achievement(people["other"], title="Конкурс чтецов")
    sign_in(client, people["lead"])
    assert client.get(page).context["rows"] == []
    record = make_achievement(pupil, title="Конкурс чтецов", origin="record", source="СГО")
    rows = client.get(page).context["rows"]
    assert [(name, one.pk, other.entry.pk, other.is_same) for name, _, (one, other) in rows] == [
        (pupil.get_full_name(), own.pk, record.pk, True)
    ]
    found = {}
    for name in ("stranger", "deputy", "pupil", "parent"):
        sign_in(client, people[name])
        answer = client.get(page)
        found[name] = len(answer.context["rows"]) if answer.status_code == 200 else answer.status_code
    assert found == {"stranger": 0, "deputy": 1, "pupil": 403, "parent": 403}
    checks.mark_same(own, record, by=by(people["lead"]))
    sign_in(client, people["deputy"])
    assert client.get(page).context["rows"] == []


def test_the_queue_holds_the_led_classes_and_shows_doubles(client, people):
    pupil = people["pupil"]
    record = make_achievement(pupil, title="Всероссийский конкурс чтецов", origin="record", source="СГО")
    first = submitted(pupil, title="Конкурс чтецов")
    second = submitted(people["other"], title="Кросс", sphere="sport")
    make_achievement(pupil, title="Черновик", state="draft")
    foreign = submitted(factories.make_pupil(school_class=people["stranger"].led_classes[0]), title="Чужая")
    found = {}
    for name in ("lead", "stranger", "deputy"):
        sign_in(client, people[name])
        found[name] = [one.entry.pk for one in client.get("/portfolio/queue/").context["lines"]]
    first_pk, second_pk, foreign_pk = first.pk, second.pk, foreign.pk
    assert found == {
        "lead": [first_pk, second_pk], "stranger": [foreign_pk], "deputy": [first_pk, second_pk, foreign_pk],
    }  # fmt: skip
    sign_in(client, people["lead"])
    assert [client.get(f"/portfolio/queue/{one}").text.count(" checked>") for one in ("", "?ticked=on")] == [0, 2]
    page = client.get("/portfolio/queue/?sphere=arts")
    line = page.context["lines"][0]
    assert [(one.entry.pk, one.is_same) for one in line.doubles] == [(record.pk, False)]
    assert ("Приказ № 1" in page.text, client.get("/portfolio/queue/?q=zzz").status_code) == (True, 200)
    detail = client.get(f"/portfolio/queue/{first.pk}/")
    client.post(f"/portfolio/queue/{first.pk}/confirm/", {"seen": detail.context["seen"], "same_as": record.pk})
    first.refresh_from_db()
    assert (first.state, first.same_as, first.decided_by) == ("confirmed", record, people["lead"])
    assert list(Achievement.objects.counted()) == [record]
    # A circle is refused: the one that counts can't become a double of its double.
    client.post(f"{LIST}{record.pk}/same/", {"same_as": first.pk})
    client.post(f"{LIST}{first.pk}/same/", {"same_as": ""})
    for row in (record, first):
        row.refresh_from_db()
    assert (record.same_as, first.same_as) == (None, None)
    for name in ("pupil", "other", "parent", "admin"):
        sign_in(client, people[name])
        answers = {client.get(f"/portfolio/queue/{part}").status_code for part in ("", f"{second.pk}/")}
        answers.add(client.post("/portfolio/queue/confirm/", {"entry": tick_of(second)}).status_code)
        answers.add(client.post(f"/portfolio/queue/{second.pk}/confirm/", {"seen": seen_of(second)}).status_code)
        assert answers <= {403, 404}
    assert states()["Кросс"] == "submitted"


def test_many_are_confirmed_as_they_were_seen(client, people):
    pupil, lead = people["pupil"], people["lead"]
    entries = [submitted(pupil, title=f"Запись {n}") for n in range(3)]
    foreign = submitted(factories.make_pupil(school_class=people["stranger"].led_classes[0]), title="Чужая")
    ticks = [tick_of(one) for one in (*entries, foreign)]
    # Between the page and the click the first is taken back, changed and submitted again.
    changed = actions.take_back(entries[0], by=by(pupil))
    actions.submit(changed, by=by(pupil))
    sign_in(client, lead)
    page = client.post("/portfolio/queue/confirm/?sphere=arts&page=1", {"entry": ticks}, follow=True)
    assert page.redirect_chain[0][0] == "/portfolio/queue/?sphere=arts&page=1"
    said = [str(one) for one in page.context["messages"]]
    assert (said[0], [one.partition(":")[0] for one in said[1:]]) == (
        "Подтверждено: 2 записи.", [f"{pupil.initials}, «Запись 0»", checks.GONE],
    )  # fmt: skip
    assert states() == {"Запись 0": "submitted", "Запись 1": "confirmed", "Запись 2": "confirmed", "Чужая": "submitted"}
    assert AuditEntry.objects.filter(action="achievement.confirmed").count() == 2
    told = Notification.objects.values_list("person", "text", "url")
    line = (f"{pupil.get_short_name()}. Подтверждено: 2 достижения.", f"/portfolio/pupils/{pupil.pk}/achievements/")
    assert sorted(told) == sorted((one.pk, *line) for one in (pupil, people["parent"]))
    for wrong in ({}, {"entry": ["x", "1-2-3", "999999999999999999999-1"]}, {"entry": "5-"}):
        assert client.post("/portfolio/queue/confirm/", wrong, follow=True).status_code == 200


def test_an_entry_is_returned_with_a_reason_and_comes_again(client, people):
    pupil, lead = people["pupil"], people["lead"]
    entry = submitted(pupil, title="Кросс")
    sign_in(client, lead)
    page = f"/portfolio/queue/{entry.pk}/"
    assert "Обязательное поле" in client.post(page + "return/", {"seen": seen_of(entry), "reason": " "}).text
    client.post(page + "return/", {"seen": seen_of(entry), "reason": "Нужен  диплом"})
    # A second tab decides nothing any more.
    client.post(page + "confirm/", {"seen": seen_of(entry)})
    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("returned", "Нужен диплом")
    assert Notification.objects.values_list("person", "text").get() == (
        pupil.pk, "Достижение вернули: «Кросс». Нужен диплом",
    )  # fmt: skip
    sign_in(client, pupil)
    assert "Достижения возвращены: 1 запись" in client.get("/cabinet/").text
    assert "Нужен диплом" in client.get(LIST + "?state=returned").text
    client.post(f"{LIST}{entry.pk}/submit/")
    entry.refresh_from_db()
    assert (entry.state, entry.reason, entry.decided_by) == ("submitted", "", None)
    sign_in(client, lead)
    assert "Портфолио класса: 1 запись ждёт проверки" in client.get("/cabinet/").text
    # Taken back while the checker looks: refused in words, and the draft is not shown.
    seen = seen_of(entry)
    actions.take_back(entry, by=by(pupil))
    late = client.post(page + "confirm/", {"seen": seen}, follow=True)
    assert (late.redirect_chain[0][0], "уже не та" in late.text, "Кросс" in late.text) == (
        "/portfolio/queue/", True, False,
    )  # fmt: skip
