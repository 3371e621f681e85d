"""Long work: pieces, refusals, whose it is."""

import pytest
from django.core.exceptions import ValidationError

from accounts.actions import jobs as actions
from accounts.actor import Actor
from accounts.hints import JOB_KINDS
from accounts.jobs import JobKind
from accounts.models import Job, MethodGroup
from resources.actions.registry import load_registry
from tests import factories

pytestmark = pytest.mark.django_db
BY = Actor.command("проверка")


@pytest.fixture(autouse=True)
def registry():
    load_registry(by=BY)


@pytest.fixture
def counting(monkeypatch):
    """A kind of job that makes a method group a step, and refuses the one that `params` name."""

    def step(job: Job, by: Actor) -> None:
        MethodGroup.objects.create(name=f"ШМО {job.done}")
        if job.done == job.params.get("refused"):
            raise ValidationError("Третьего не принимают.")
        job.done += 1
        job.message = f"Сделано: {job.done}."

    monkeypatch.setitem(JOB_KINDS._entries, "counting", JobKind(step))
    return lambda person, **params: actions.start_job(
        "counting", title="Счёт", total=3, params=params, by=Actor(person, None, "")
    )


def test_a_job_goes_on_by_pieces_until_it_is_done(counting, monkeypatch):
    job = counting(None)
    monkeypatch.setattr(actions, "SLICE", 0)
    assert actions.advance_job(job, by=BY).done == 0
    monkeypatch.setattr(actions, "SLICE", 60)
    job = actions.advance_job(job, by=BY)
    assert (job.state, job.done, job.percent, job.message) == ("done", 3, 100, "Сделано: 3.")
    assert actions.advance_job(job, by=BY).done == 3


def test_a_refusal_ends_the_job_and_takes_its_own_piece_back(counting):
    job = actions.advance_job(counting(None, refused=2), by=BY)
    assert (job.state, job.done, job.message) == ("failed", 2, "Третьего не принимают.")
    assert MethodGroup.objects.count() == 2


def test_only_who_began_it_sees_and_drives_a_job(client, counting):
    person, other = factories.make_employee(), factories.make_employee(position="deputy")
    job = counting(person)
    factories.sign_in(client, other)
    for answer in (client.get(job.get_absolute_url()), client.post(f"{job.get_absolute_url()}advance/")):
        assert answer.status_code == 404
    factories.sign_in(client, person)
    assert "0 из 3" in client.get(job.get_absolute_url()).text
    answer = client.post(f"{job.get_absolute_url()}advance/", headers={"accept": "application/json"})
    assert answer.json() == {"done": 3, "total": 3, "percent": 100, "running": False}
    assert "Сделано: 3." in client.get(job.get_absolute_url()).text


def test_a_stopped_job_stays_where_it_stands(client, counting):
    person = factories.make_employee()
    job = counting(person)
    factories.sign_in(client, person)
    client.post(f"{job.get_absolute_url()}cancel/")
    client.post(f"{job.get_absolute_url()}advance/")
    job.refresh_from_db()
    assert (job.state, job.done) == ("cancelled", 0)
