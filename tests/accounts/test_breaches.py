"""The register of breaches: record → decision → closed, evidence chosen from the trail, who sees what (1.5, 12.3)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import breaches as register
from accounts.actions import breaches as actions
from accounts.actions.blocking import block
from accounts.actor import Actor
from accounts.models import AuditEntry, Breach, BreachEvidence
from resources.actions.registry import load_registry
from tests import personas
from tests.factories import make_breach, make_order

pytestmark = pytest.mark.django_db
COMMAND = Actor.command("tests")
TODAY = datetime.date.today()
DAY = datetime.timedelta(days=1)
LIST, ADD = "/breaches/", "/breaches/add/"
FIELDS = {
    "kind": "foreign_login",
    "title": "Вход под чужим логином",
    "description": "Вошёл под логином одноклассника и изменил подпись.",
    "happened_on": f"{TODAY - DAY}",
    "found_on": f"{TODAY}",
    "found_by": "Белая Е. П., заместитель директора",
}


@pytest.fixture
def people(db):
    load_registry(by=COMMAND)
    return personas.build()


@pytest.fixture
def enter(client, people):
    """enter("deputy") → the client, signed in as that person."""

    def sign_in(name: str):
        client.force_login(people[name], backend="accounts.backends.PortalBackend")
        return client

    return sign_in


def page_of(breach: Breach, what: str = "detail") -> str:
    return reverse(f"accounts:breach_{what}", args=[breach.pk])


# The course of a record


@pytest.mark.clause("1.5")
@pytest.mark.clause("12.3")
def test_a_breach_goes_from_the_record_to_the_decision_with_an_order(enter, people):
    client, order = enter("deputy"), make_order(number="17", kind="general")
    answer = client.post(ADD, {**FIELDS, "login": people["pupil"].username.upper()})
    breach = Breach.objects.get()
    assert (answer["Location"], breach.person, breach.added_by, breach.state) == (
        page_of(breach), people["pupil"], people["deputy"], "open"
    )  # fmt: skip
    client.post(page_of(breach, "edit"), {**FIELDS, "title": "Чужой логин", "login": ""})
    client.post(page_of(breach, "close"))
    breach.refresh_from_db()
    assert (breach.title, breach.person, breach.state) == ("Чужой логин", None, "open")
    decision = {"decision": "Замечание", "decided_on": f"{TODAY}", "order": order.pk}
    assert client.post(page_of(breach, "decide"), decision)["Location"] == page_of(breach)
    breach.refresh_from_db()
    assert (breach.state, breach.decision, breach.order) == ("decided", "Замечание", order)
    client.post(page_of(breach, "close"))
    text = client.get(page_of(breach)).content.decode()
    assert ("закрыто" in text, "№ 17" in text, "Открыть заново" in text) == (True, True, True)
    for what, fields in (("edit", FIELDS), ("decide", decision)):
        client.post(page_of(breach, what), {**fields, "title": "Подмена", "decision": "Подмена"})
    breach.refresh_from_db()
    assert (breach.title, breach.decision, breach.state) == ("Чужой логин", "Замечание", "closed")
    assert client.post(page_of(breach, "reopen"), {"reason": ""}).status_code == 200
    client.post(page_of(breach, "reopen"), {"reason": "Новые сведения"})
    trail = AuditEntry.objects.filter(object_type="accounts.breach").order_by("pk")
    assert list(trail.values_list("action", "basis")) == [
        ("breach.added", ""), ("breach.changed", ""), ("breach.decided", order.reference), ("breach.closed", ""),
        ("breach.reopened", "Новые сведения"),
    ]  # fmt: skip
    assert not any(word in str(list(trail.values("changes"))) for word in ("логин", "Белая", "Замечание"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"kind": "zzz"},
        {"found_by": ""},
        {"happened_on": f"{TODAY + DAY}", "found_on": f"{TODAY + DAY}"},
        {"found_on": f"{TODAY - 2 * DAY}"},
        {"login": "no-such-login"},
        {"happened_on": "31.31.2026"},
    ],
)
def test_bad_input_is_asked_again(enter, wrong):
    answer = enter("director").post(ADD, {**FIELDS, **wrong})
    assert (answer.status_code, Breach.objects.count()) == (200, 0)
    assert FIELDS["description"] in answer.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"decision": ""}, {"decided_on": f"{TODAY + DAY}"}, {"decided_on": f"{TODAY - 30 * DAY}"}]
)
def test_a_decision_needs_words_and_a_possible_day(enter, wrong):
    breach = make_breach()
    decision = {"decision": "Замечание", "decided_on": f"{TODAY}", "order": "", **wrong}
    assert enter("director").post(page_of(breach, "decide"), decision).status_code == 200
    breach.refresh_from_db()
    assert breach.is_open


def test_a_draft_is_no_order_to_decide_by(enter):
    breach, draft = make_breach(), make_order(number="", state="draft")
    decision = {"decision": "Замечание", "decided_on": f"{TODAY}", "order": draft.pk}
    assert enter("director").post(page_of(breach, "decide"), decision).status_code == 200
    assert Breach.objects.get().is_open


# Evidence


@pytest.mark.clause("12.3")
def test_evidence_is_chosen_from_the_trail_about_the_person_and_days(enter, people):
    pupil, other = people["pupil"], people["other_pupil"]
    block(pupil, "Чужой логин", by=COMMAND)
    block(other, "Не об этом", by=COMMAND)
    about, foreign = AuditEntry.objects.filter(action="person.blocked").order_by("pk")
    breach = make_breach(person=pupil)
    client, page = enter("admin"), page_of(breach, "evidence")
    assert (_offers(client, page, about), _offers(client, page, foreign)) == (True, False)
    assert _offers(client, f"{page}?everybody=on", foreign)
    assert not _offers(client, f"{page}?ends={TODAY - DAY}", about)
    for entry in ("", "zzz", "999999"):
        client.post(page, {"entry": entry})
    assert BreachEvidence.objects.count() == 0
    for _ in range(2):
        assert client.post(page, {"entry": [about.pk]})["Location"] == page
    assert list(breach.evidence.all()) == [about]
    assert not _offers(client, page, about)
    assert "Чужой логин" in client.get(page_of(breach)).content.decode()
    row = BreachEvidence.objects.get()
    client.post(reverse("accounts:breach_evidence_remove", args=[row.pk]))
    assert BreachEvidence.objects.count() == 0
    trail = AuditEntry.objects.filter(object_type="accounts.breach").order_by("pk")
    assert list(trail.values_list("action", "changes")) == [
        ("breach.evidence_added", {"entries": [[], [about.pk]]}),
        ("breach.evidence_removed", {"entries": [[about.pk], []]}),
    ]


def _offers(client, page: str, entry: AuditEntry) -> bool:
    return f'name="entry" value="{entry.pk}"' in client.get(page).content.decode()


def test_a_closed_breach_keeps_its_evidence():
    block_entry = AuditEntry.objects.create(
        actor_label="tests", action="person.blocked", object_type="x", object_id="1"
    )
    breach = make_breach()
    actions.attach_evidence(breach, [block_entry], by=COMMAND)
    actions.decide_breach(breach, decision="Замечание", decided_on=TODAY, order=None, by=COMMAND)
    actions.close_breach(breach, by=COMMAND)
    row = BreachEvidence.objects.get()
    with pytest.raises(ValidationError, match="закрыто"):
        actions.detach_evidence(row, by=COMMAND)
    with pytest.raises(ValidationError, match="закрыто"):
        actions.attach_evidence(breach, [block_entry], by=COMMAND)
    assert BreachEvidence.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(pk=block_entry.pk)._raw_delete("default")


# Who sees it


@pytest.mark.clause("12.3")
@pytest.mark.parametrize(
    "name", ["teacher", "classteacher", "credentials", "method_head", "pupil", "parent", "librarian", "support"]
)
def test_the_register_is_closed_below_management(enter, people, name):
    breach, client = make_breach(person=people["pupil"], title="Тайное дело"), enter(name)
    for address in (LIST, ADD, page_of(breach), page_of(breach, "edit"), page_of(breach, "evidence")):
        answer = client.get(address)
        assert (answer.status_code, "Тайное дело" in answer.content.decode()) == (403, False)
    assert client.post(ADD, FIELDS).status_code == 403
    assert Breach.objects.count() == 1


@pytest.mark.parametrize("name", ["director", "deputy"])
def test_the_management_sees_evidence_but_does_not_search_the_trail(enter, people, name):
    block(people["pupil"], "Чужой логин", by=COMMAND)
    breach = make_breach(person=people["pupil"])
    entry = AuditEntry.objects.get(action="person.blocked")
    actions.attach_evidence(breach, [entry], by=COMMAND)
    client = enter(name)
    assert "Чужой логин" in client.get(page_of(breach)).content.decode()
    assert client.get(page_of(breach, "evidence")).status_code == 403
    assert client.post(page_of(breach, "evidence"), {"entry": entry.pk}).status_code == 403


def test_filters_and_search(enter, people):
    one = make_breach(person=people["pupil"], title="Подбор пароля", kind="guessing")
    two = make_breach(title="Вирус в работе", kind="malware")
    actions.decide_breach(two, decision="Беседа", decided_on=TODAY, order=None, by=COMMAND)
    client = enter("director")
    found = {
        query: {row.pk for row in (one, two) if page_of(row) in client.get(LIST + query).content.decode()}
        for query in ("", "?q=Елкина", "?q=вирусы", "?state=open", "?kind=malware", "?kind=zzz", "?q=zzz")
    }
    assert found == {
        "": {one.pk, two.pk}, "?q=Елкина": {one.pk}, "?q=вирусы": {two.pk}, "?state=open": {one.pk},
        "?kind=malware": {two.pk}, "?kind=zzz": {one.pk, two.pk}, "?q=zzz": set(),
    }  # fmt: skip


def test_the_list_and_the_page_ask_as_many_queries_for_thirty_as_for_one(enter, people):
    breach, client = make_breach(person=people["pupil"]), enter("admin")
    pages = [LIST, page_of(breach), page_of(breach, "evidence")]

    def ask() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            found.append(len(queries))
        return found

    def add(number: int) -> None:
        entry = AuditEntry.objects.create(
            actor=people["pupil"], actor_label="pupil", action="person.signed_in", object_type="accounts.user",
            object_id=str(people["pupil"].pk),
        )  # fmt: skip
        actions.attach_evidence(breach, [entry], by=COMMAND)
        AuditEntry.objects.create(
            actor=people["pupil"], actor_label="pupil", action="person.signed_in", object_type="accounts.user",
            object_id=str(people["pupil"].pk),
        )  # fmt: skip
        make_breach(person=people["other_pupil"], order=make_order(number=f"{number}"))

    add(100)
    before = ask()
    for number in range(30):
        add(number)
    assert ask() == before


def test_candidates_without_a_person_are_the_whole_trail(people):
    block(people["pupil"], "Проверка", by=COMMAND)
    filters = {"q": "", "action": "person.blocked", "starts": "", "ends": "", "concerned": True}
    assert register.candidates(make_breach(), filters).count() == 1
