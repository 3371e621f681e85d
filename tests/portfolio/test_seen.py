"""Who sees what: every persona × every state of entry, work, review and share, by page, file, export, search and link
(access.md, «Rows»). Each row tells who gets it; whoever is not named gets nothing."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.actions.files import store
from accounts.actor import Actor
from eios.lib.dates import today
from portfolio.actions.life import freeze
from portfolio.file_owners import COVER, EVIDENCE, WORK_FILE
from portfolio.models import Export, Portfolio
from resources.actions.registry import load_registry
from tests import personas
from tests.factories import make_class
from tests.portfolio.factories import let_show, make_achievement, make_review, make_share, make_version, make_work
from tests.samples import pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.clause("1.3 d"), pytest.mark.clause("11.1"), pytest.mark.clause("5.2")]
WORD = "Кукшоворон"
FAMILY_AND_SCHOOL = {"pupil", "parent", "classteacher", "deputy", "director"}


@pytest.fixture
def people():
    load_registry(by=Actor.command("tests"))
    return personas.build()


@pytest.fixture
def open_to(client, people):
    """open_to(address, …) → names of the personas who get it with 200; nobody may get a failure."""

    def ask(*addresses: str, holds: str = "") -> set[str]:
        found = set()
        for name, person in people.items():
            client.cookies.clear()
            if person is not None:
                client.force_login(person, backend="accounts.backends.PortalBackend")
            answers = [client.get(address) for address in addresses]
            assert all(answer.status_code < 500 for answer in answers)
            got = [answer.status_code == 200 and holds in _body(answer) for answer in answers]
            assert len(set(got)) == 1, (name, addresses, got)
            found |= {name} if got[0] else set()
        return found

    return ask


def _body(answer) -> str:
    return b"".join(answer.streaming_content).decode("latin1") if answer.streaming else answer.content.decode("latin1")


def _file(person, kind: str):
    data, name = (picture(), "файл.png") if kind == COVER else (pdf(), "файл.pdf")
    return store(ContentFile(data, name), kind=kind, by=Actor(person, None, "тест"), owner=person)


def test_entries_by_state(people, open_to):
    pupil, seen = people["pupil"], {}
    for state in ("draft", "submitted", "returned", "confirmed", "replaced"):
        row = make_achievement(pupil, state=state, title=f"{WORD} {state}", reason="нет", submitted_at=timezone.now())
        file = _file(pupil, EVIDENCE)
        row.evidence.create(kind="file", file=file)
        seen[state] = open_to(f"/portfolio/achievements/{row.pk}/", file.url)
    assert seen == {
        "draft": {"pupil"},
        "submitted": FAMILY_AND_SCHOOL,
        "returned": FAMILY_AND_SCHOOL - {"parent"},
        "confirmed": FAMILY_AND_SCHOOL,
        "replaced": FAMILY_AND_SCHOOL,
    }


def test_works_by_state_and_share(people, open_to):
    pupil, other, seen = people["pupil"], people["other_pupil"], {}
    let_show(pupil, people["parent"])
    works = {
        "draft": make_work(pupil, sealed=False, submitted=False),
        "sealed": make_work(pupil, submitted=False),
        "submitted": make_work(pupil),
        "mentored": make_work(pupil, mentor=people["teacher"]),
        "to_person": make_work(pupil, submitted=False),
        "to_class": make_work(pupil, submitted=False),
        "withdrawn": make_work(pupil, submitted=False),
    }
    make_share(pupil, works=[works["to_person"]], person=people["teacher"])
    make_share(pupil, works=[works["to_class"]], school_class=make_class(grade=8, letter="Б"))
    make_share(pupil, works=[works["withdrawn"]], person=other, withdrawn_at=timezone.now())
    for name, work in works.items():
        file = _file(pupil, WORK_FILE)
        work.versions.get().files.create(file=file)
        seen[name] = open_to(f"/portfolio/works/{work.pk}/", file.url)
    assert seen == {
        "draft": {"pupil"},
        "sealed": {"pupil"},
        "submitted": FAMILY_AND_SCHOOL,
        "mentored": FAMILY_AND_SCHOOL | {"teacher"},
        "to_person": {"pupil", "teacher"},
        "to_class": {"pupil", "other_pupil", "other_classteacher"},
        "withdrawn": {"pupil"},
    }
    opened = make_version(works["submitted"], sealed=False, number=2)
    file = _file(pupil, WORK_FILE)
    opened.files.create(file=file)
    assert open_to(file.url) == {"pupil"}


def test_reviews_by_state(people, open_to):
    work = make_work(people["pupil"])
    version, seen = work.versions.get(), {}
    for state in ("waiting", "published", "declined", "revoked"):
        row = make_review(version, people["teacher"], state=state, text=f"Хвала{state}", reason="нет")
        seen[state] = open_to(f"/portfolio/reviews/{row.pk}/")
        row.delete()
    # Who wrote it and who moderates; of a revoked one the authors see the trace on the work's page, not its words.
    reader = {"teacher", "classteacher", "deputy", "director"}
    assert seen == {
        "waiting": reader, "published": reader | {"pupil", "parent"}, "declined": reader, "revoked": reader,
    }  # fmt: skip
    # Of a work that is merely shown, those to whom it is shown read what is published and nothing else.
    let_show(people["pupil"], people["parent"])
    make_share(people["pupil"], works=[work], school_class=make_class(grade=8, letter="Б"))
    room = {"other_pupil", "other_classteacher"}
    published = make_review(version, people["teacher"], text="Хвала")
    assert open_to(f"/portfolio/reviews/{published.pk}/") == reader | {"pupil", "parent"} | room
    waiting = make_review(version, people["classteacher"], state="waiting", text="Хула")
    assert open_to(f"/portfolio/reviews/{waiting.pk}/") == reader - {"teacher"}


def _without_consent(pupil, capacity: str) -> None:
    pupil.consents.filter(capacity=capacity).update(withdrawn_at=timezone.now())


ENDS = {
    "withdrawn": lambda people: people["pupil"].portfolio_shares.update(withdrawn_at=timezone.now()),
    "out of date": lambda people: people["pupil"].portfolio_shares.update(expires_at=timezone.now()),
    "no consent": lambda people: people["pupil"].consents.filter(capacity="parent").update(withdrawn_at=timezone.now()),
    "no own consent": lambda people: (
        people["pupil"].consents.filter(capacity="pupil").update(withdrawn_at=timezone.now())
    ),
    "has left": lambda people: people["pupil"].enrolments.update(ends=today() - datetime.timedelta(days=1)),
    "frozen": lambda people: freeze(people["pupil"], "Приказ № 5", by=Actor(people["deputy"], None, "тест")),
}


@pytest.mark.parametrize("end", ENDS)
def test_shares_by_state(people, open_to, end):
    """By page, work, evidence, file and cover: those to whom it is shown, until whatever ends it, and nobody else."""
    pupil, teacher, room = people["pupil"], people["teacher"], make_class(grade=8, letter="Б")
    let_show(pupil, people["parent"])
    work, row = make_work(pupil, submitted=False), make_achievement(pupil)
    file, proof, cover = _file(pupil, WORK_FILE), _file(pupil, EVIDENCE), _file(pupil, COVER)
    work.versions.get().files.create(file=file)
    row.evidence.create(kind="file", file=proof)
    Portfolio.objects.create(pupil=pupil, cover=cover)
    to_person = make_share(pupil, works=[work], achievements=[row], person=teacher)
    to_room = make_share(pupil, works=[work], achievements=[row], school_class=room)
    make_share(pupil, works=[work], achievements=[row], code="kukshovoronkukshovor")
    link, class_room = "/portfolio/show/kukshovoronkukshovor/", {"other_pupil", "other_classteacher"}

    def seen() -> dict[str, set[str]]:
        return {
            "person": open_to(f"/portfolio/shown/{to_person.pk}/"), "class": open_to(f"/portfolio/shown/{to_room.pk}/"),
            "work": open_to(f"/portfolio/works/{work.pk}/", file.url), "proof": open_to(proof.url),
            "cover": open_to(cover.url), "link": open_to(link, f"{link}files/{file.key}/"),
        }  # fmt: skip

    shown = {"teacher"} | class_room
    assert seen() == {
        "person": {"teacher"}, "class": class_room, "work": {"pupil"} | shown, "proof": FAMILY_AND_SCHOOL | shown,
        "cover": FAMILY_AND_SCHOOL | shown, "link": set(people),
    }  # fmt: skip
    ENDS[end](people)
    left = seen()
    assert {name: left[name] & (shown | {"guest"}) for name in left} == dict.fromkeys(left, set())


def test_links_exports_and_search(people, open_to):
    pupil = people["pupil"]
    let_show(pupil, people["parent"])
    row = make_achievement(pupil, title=f"{WORD} года")
    work = make_work(pupil, title=f"{WORD}: наблюдения")
    make_share(pupil, works=[work], achievements=[row], code="kukshovoronkukshovor")
    past_the_gate = set(people)
    living = open_to("/portfolio/show/kukshovoronkukshovor/")
    assert living == past_the_gate
    make_share(pupil, works=[work], code="deaddeaddeaddeaddead", withdrawn_at=timezone.now())
    assert open_to("/portfolio/show/deaddeaddeaddeaddead/") == set()
    export = Export.objects.create(
        pupil=pupil, kind="print", number="abcdabcdabcdabcd", sha256="0" * 64, created_by=people["parent"]
    )
    assert open_to(f"/portfolio/exports/{export.pk}/", f"/portfolio/pupils/{pupil.pk}/exports/") == FAMILY_AND_SCHOOL
    assert open_to("/portfolio/verify/abcdabcdabcdabcd/") == past_the_gate
    # What is in a portfolio is found by no search of the portal, not even by its pupil.
    word = WORD.encode().decode("latin1")
    assert open_to(f"/search/?q={WORD}", holds=f"{word} года") == set()
    assert open_to(f"/search/?q={WORD}", holds=f"{word}: наблюдения") == set()
