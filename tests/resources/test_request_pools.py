"""Requests that pools of pseudonymous accounts answer, and many who ask or decide at once (5.4, 10.6)."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from accounts.models import User
from resources.actions import requests
from resources.actions.handing_out import hand_out, note_given_by_library
from resources.models import AccessRequest, ExternalCredential, PoolAccount
from resources.requests import Terms, Way
from tests.factories import (
    add_pool_account,
    make_administrator,
    make_element,
    make_employee,
    make_logins,
    make_pool,
    make_pupil,
    make_request,
    sign_in,
)
from tests.races import at_once
from tests.resources.asking import by, desk, library

pytestmark = [pytest.mark.django_db, pytest.mark.clause("5.4")]
COMMAND = Actor.command("tests")
TODAY = datetime.date.today()
TOMORROW = TODAY + datetime.timedelta(days=1)
State = AccessRequest.State
CLICKS = 50


def test_a_pool_that_hands_out_itself_confirms_at_once(site, client):
    element, pupil = library(), make_pupil()
    make_pool(element, free=1)
    sign_in(client, pupil)
    answer = client.post(f"/elements/{element.slug}/ask/", follow=True).content.decode()
    assert "Заявка подтверждена сразу" in answer
    found = AccessRequest.objects.get()
    assert (found.state, found.decided_by, found.credential.source) == (State.CONFIRMED, None, "pool")
    later = make_pupil()
    assert requests.ask(element, later, by=by(later)).is_waiting


def test_where_accounts_become_free_they_are_served_in_order(site):
    element = library()
    pool = make_pool(element, free=0)
    by_hand = make_pool(element, free=1, hands_out_itself=False)
    found = [make_request(element, make_pupil(), days=day) for day in (1, 3, 2)]
    assert requests.serve_waiting(element, by=COMMAND) == 0
    for _ in range(2):
        add_pool_account(pool)
    assert requests.serve_waiting(element, by=COMMAND) == 2
    states = [AccessRequest.objects.get(pk=one.pk).state for one in found]
    assert states == ["waiting", "confirmed", "confirmed"]
    assert by_hand.accounts.get().state == "ready"


@pytest.mark.clause("10.6")
def test_a_librarys_answer_serves_those_who_wait(site, client):
    element = library()
    sign_in(client, make_administrator(element, make_employee()))
    pool = make_logins(element, logins=["new-1"], state="sent")
    found = make_request(element, make_pupil())
    page = f"/desk/{element.slug}/pools/{pool.pk}/answer/"
    client.post(page, {"file": SimpleUploadedFile("a.csv", "Логин;Статус\nnew-1;принята\n".encode())})
    seen = client.get(page).context["plan"].mark
    answer = client.post(f"{page}confirm/", {"seen": seen}, follow=True).content.decode()
    assert "Выдано тем, кто ждал по заявке: 1." in answer
    found.refresh_from_db()
    assert (found.state, found.credential.login) == (State.CONFIRMED, "new-1")


def test_an_account_handed_out_otherwise_settles_the_request(site):
    element = library()
    make_pool(element, free=1, hands_out_itself=False)
    found = [make_request(element, make_pupil()) for _ in range(2)]
    given = hand_out(element, [found[0].person], by=COMMAND)
    note_given_by_library(element, [found[1].person], by=COMMAND)
    settled = AccessRequest.objects.get(pk=found[0].pk)
    assert (settled.state, settled.credential) == (State.CONFIRMED, given[0])
    assert AccessRequest.objects.waiting().count() == 0


def test_where_the_pool_is_empty_the_rest_wait(site, client):
    element = library()
    chief = make_administrator(element, make_employee())
    make_pool(element, free=2, hands_out_itself=False)
    found = [make_request(element, make_pupil(), days=day) for day in (1, 3, 2)]
    sign_in(client, chief)
    html = client.post(desk(element, "pool"), {"request": [one.pk for one in found]}).content.decode()
    assert "Подтверждено: 2 заявки." in html
    assert "Свободных учётных записей в партиях нет" in html
    assert [AccessRequest.objects.get(pk=one.pk).state for one in found] == ["waiting", "confirmed", "confirmed"]
    client.post(desk(element, found[0].pk, "confirm"), {"way": "pool"}, follow=True)
    assert AccessRequest.objects.waiting().get() == found[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("10.6")
def test_of_fifty_who_ask_for_the_last_account_one_gets_it():
    element = library()
    make_pool(element, free=1)
    keys = [make_pupil().pk for _ in range(CLICKS)]

    def click(place: int) -> str:
        pupil = User.objects.get(pk=keys[place])
        return requests.ask(element, pupil, by=by(pupil)).state

    assert sorted(at_once(click, CLICKS)) == ["confirmed"] + ["waiting"] * (CLICKS - 1)
    assert (ExternalCredential.objects.count(), PoolAccount.objects.get().state) == (1, "given")


@pytest.mark.django_db(transaction=True)
def test_of_administrators_who_decide_at_once_one_wins():
    element = make_element()
    owners = [make_administrator(element, make_employee()) for _ in range(6)]
    found = make_request(element, make_pupil())

    def click(place: int) -> str:
        request = AccessRequest.objects.select_related("element", "person").get(pk=found.pk)
        actor = by(owners[place])
        try:
            if place % 2:
                requests.decline(request, "Нет", by=actor)
            else:
                requests.confirm(request, Terms(way=Way.GENERATED), by=actor)
        except requests.AlreadyDecided as refusal:
            return refusal.messages[0][:14]
        return "done"

    told_late = f"Заявку {found.person.initials}"[:14]
    assert sorted(at_once(click, 6)) == sorted(["done"] + [told_late] * 5)
    found.refresh_from_db()
    assert ExternalCredential.objects.count() == int(found.state == State.CONFIRMED)
