"""What is taken out equals the database, opens without the portal, and is verified without a name (11, 12.1)."""

import hashlib
import io
import json
import re
import zipfile
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.actions.files import store
from accounts.actor import Actor
from portfolio.file_owners import EVIDENCE, WORK_FILE
from portfolio.models import Achievement, Export, Portfolio, WorkVersion
from portfolio.plain import safe_name
from portfolio.sections import WHOLE
from tests import factories
from tests.portfolio.factories import make_achievement, make_review, make_rubric, make_version, make_work
from tests.samples import pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.clause("12.1"), pytest.mark.clause("11.3")]
ALL = {"included": [*WHOLE.origins, *WHOLE.parts], "spheres": [*WHOLE.spheres]}


@pytest.fixture
def people(site):
    room = factories.make_class(grade=8)
    pupil = factories.make_pupil(school_class=room, age=15, surname="Ёлкина", name="Вера")
    return {
        "pupil": pupil,
        "parent": factories.make_parent(child=pupil),
        "lead": factories.make_employee(position="class_teacher", school_class=room),
        "mate": factories.make_pupil(school_class=room),
        "teacher": factories.make_employee(position="teacher"),
        "admin": factories.make_employee(position="system_administrator"),
    }


@pytest.fixture
def full(people):
    """Two achievements of two origins, one with a file, and a work of two sealed versions with a review."""
    pupil = people["pupil"]
    by = Actor(pupil, None, "тест")
    Portfolio.objects.create(pupil=pupil, motto="Смотри и думай", about="Люблю птиц")
    own = make_achievement(pupil, title="Конкурс «Птицы: 2026/27»", note="Две\nстроки", place="1 место")
    own.evidence.create(kind="file", title="Диплом", file=_kept("диплом.pdf", pdf(), EVIDENCE, by))
    own.evidence.create(kind="link", link="https://example.ru/1")
    make_achievement(pupil, origin="record", source="sgo", as_of=timezone.now(), title="Олимпиада")
    make_achievement(pupil, state="draft", title="Черновик")
    work = make_work(pupil)
    first = work.versions.get()
    first.files.create(file=_kept("двор #1 50%.png", picture(), WORK_FILE, by))
    second = make_version(work, number=2, text="## Вывод\nПтиц больше")
    second.links.create(url="https://example.ru/2", title="Видео")
    make_version(work, number=3, sealed=False, text="Открытая")
    rubric = make_rubric("Цель")
    review = make_review(first, people["teacher"], rubric=rubric, mark=5, answer="Спасибо", answered_at=timezone.now())
    review.points.create(criterion=rubric.criteria.get(), points=4)
    make_review(first, people["mate"], capacity="pupil", state="waiting", text="Ждёт")
    return pupil


def _kept(name: str, data: bytes, kind: str, by: Actor):
    return store(ContentFile(data, name), kind=kind, by=by, owner=by.person)


def make(client, person, kind: str, address: str = "/portfolio/exports/", **chosen) -> Export:
    factories.sign_in(client, person)
    assert client.post(address, {"kind": kind, **ALL, **chosen}).status_code == 302
    return Export.objects.latest("pk")


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_archive_holds_everything_and_its_json_equals_the_database(client, full):
    export = make(client, full, "archive")
    archive = zipfile.ZipFile(io.BytesIO(body(client.get(f"/portfolio/exports/{export.pk}/archive/"))))
    told = json.loads(archive.read("portfolio.json"))
    values = told["portfolio"]
    assert told["export"]["sha256"] == export.sha256
    plain = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(plain.encode()).hexdigest() == export.sha256
    rows = {row.pk: row for row in Achievement.objects.confirmed()}
    assert {one["key"] for one in values["achievements"]} == set(rows)
    for one in values["achievements"]:
        row = rows[one["key"]]
        names = ("title", "origin", "sphere", "level", "stage", "outcome", "place", "mode", "organiser", "team",
                 "mentor", "grade", "grade_performed", "note", "version")  # fmt: skip
        assert {name: one[name] for name in names} == {name: getattr(row, name) for name in names}
        assert (one["date"], len(one["evidence"])) == (row.date.isoformat(), row.evidence.count())
        for proof, evidence in zip(one["evidence"], row.evidence.order_by("pk"), strict=True):
            assert (proof["kind"], proof["title"], proof["link"]) == (evidence.kind, evidence.title, evidence.link)
    (work,) = values["works"]
    versions = WorkVersion.objects.filter(sealed_at__isnull=False).order_by("-number")
    assert [(one["number"], one["sha256"], one["text"]) for one in work["versions"]] == [
        (row.number, row.sha256, row.text) for row in versions
    ]
    (review,) = work["versions"][1]["reviews"]
    assert (review["mark"], review["points"], review["answer"], review["text"]) == (
        5, [{"criterion": "Цель", "points": 4, "most": 5}], "Спасибо", "Хорошая работа",
    )  # fmt: skip
    files = [proof["file"] for one in values["achievements"] for proof in one["evidence"] if proof["file"]]
    files += [one for version in work["versions"] for one in version["files"]]
    assert len(files) == 2
    for one in files:
        assert hashlib.sha256(archive.read(one["path"])).hexdigest() == one["sha256"]
    page = archive.read("index.html").decode()
    # Nothing is fetched from anywhere: every link leads to a file beside.
    links = {unquote(link) for link in re.findall(r'(?:href|src)="([^"]+)"', page)}
    assert links - set(archive.namelist()) == set()
    assert "https://example.ru/1" in page
    for words in ("Черновик", "Открытая", "Ждёт"):
        assert words not in page + archive.read("portfolio.json").decode()


def test_only_chosen_sections_go_out_and_the_export_says_which(client, full):
    chosen = {"included": ["pupil", "cover"], "spheres": ["arts"]}
    export = make(client, full, "archive", **chosen)
    address = f"/portfolio/exports/{export.pk}/archive/"
    archive = zipfile.ZipFile(io.BytesIO(body(client.get(address))))
    values = json.loads(archive.read("portfolio.json"))["portfolio"]
    assert [one["title"] for one in values["achievements"]] == ["Конкурс «Птицы: 2026/27»"]
    assert (values["works"], values["results"], values["cover"]["motto"]) == ([], [], "Смотри и думай")
    assert values["sections"] == {"spheres": ["arts"], "origins": ["pupil"], "parts": ["cover"]}
    assert [name for name in archive.namelist() if "/" in name] == ["evidence/001/01 диплом.pdf"]
    words = values["sections_title"]
    assert words == "сферы: культурно-творческая; достижения: от обучающегося; обложка и рассказ о себе"
    assert words in archive.read("index.html").decode()
    assert words in client.get("/portfolio/exports/").content.decode()
    refused = {"kind": "print", "spheres": ["arts"]}
    assert "Отметьте, что включить" in client.post("/portfolio/exports/", refused).content.decode()
    assert client.post("/portfolio/exports/", ALL | {"kind": "print", "spheres": ["magic"]}).status_code == 200
    assert Export.objects.count() == 1
    # A file whose bytes are gone: a clear word, not an error of the server.
    (settings.MEDIA_ROOT / full.achievements.exclude(evidence=None).first().evidence.first().file.path).unlink()
    assert "не читается" in client.get(address, follow=True).content.decode()


def test_print_and_pdf_carry_number_and_source_and_stop_when_the_portfolio_changes(client, full):
    export = make(client, full, "print")
    address = f"/portfolio/exports/{export.pk}/"
    page = client.get(f"{address}print/").content.decode()
    assert "-".join(re.findall("....", export.number)) in page
    assert "Источник" in page
    assert "data:image/svg" in page
    answer = client.get(f"{address}pdf/")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    make_achievement(full, title="Новое")
    for name in ("print", "pdf", "archive"):
        assert client.get(f"{address}{name}/").status_code == 302


def test_verification_tells_number_date_and_state_and_nobody(client, full, people):
    export = make(client, full, "print")
    client.logout()
    address = f"/portfolio/verify/{export.number}/"
    page = client.get(address)
    html = page.content.decode()
    assert ("действует" in html, "Ёлкина" in html, "Вера" in html) == (True, False, False)
    assert (page["X-Robots-Tag"], "no-store" in page["Cache-Control"]) == ("noindex, nofollow, noarchive", True)
    typed = export.number.upper()
    assert "действует" in client.get("/portfolio/verify/", {"number": f"{typed[:4]} - {typed[4:]}"}).content.decode()
    assert client.get("/portfolio/verify/нет-такого/").status_code == 404
    factories.sign_in(client, people["parent"])
    withdraw = f"/portfolio/exports/{export.pk}/withdraw/"
    assert client.post(withdraw, {"reason": ""}).status_code == 200
    assert client.post(withdraw, {"reason": "Ошибка в дипломе"}).status_code == 302
    client.logout()
    html = client.get(address).content.decode()
    assert ("отозвана" in html, "Ошибка в дипломе" in html) == (True, False)
    factories.sign_in(client, full)
    assert client.get(f"/portfolio/exports/{export.pk}/pdf/").status_code == 404


def test_each_takes_out_what_one_sees_and_others_nothing(client, full, people):
    pupil_page = f"/portfolio/pupils/{full.pk}/exports/"
    own = make(client, full, "archive")
    for name in ("mate", "teacher", "admin"):
        factories.sign_in(client, people[name])
        assert client.get(pupil_page).status_code == 404
        assert client.post(pupil_page, {"kind": "print", **ALL}).status_code == 404
        assert {client.get(f"/portfolio/exports/{own.pk}/{one}").status_code
                for one in ("", "pdf/", "archive/", "print/", "withdraw/")} == {404}  # fmt: skip
    parents = make(client, people["parent"], "archive", pupil_page)
    # Seen, not taken: an export is given to whoever made it.
    assert client.get(f"/portfolio/exports/{own.pk}/").status_code == 200
    assert client.get(f"/portfolio/exports/{own.pk}/archive/").status_code == 404
    assert client.get(f"/portfolio/exports/{parents.pk}/archive/").status_code == 200
    assert Export.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "safe"),
    [("отчёт.pdf", "отчёт.pdf"), ('a<b>:"c|?*.txt', "a_b_c_.txt"), ("точка. .pdf", "точка.pdf"), ("", "file"),
     ("х" * 200 + ".png", "х" * 76 + ".png"), ("../../etc/passwd", "_.._etc_passwd")],
)  # fmt: skip
def test_names_fit_any_disk(name, safe):
    found = safe_name(name)
    assert not set(found) & set('<>:"/\\|?*')
    assert (len(found) <= 80, found.endswith((" ", "."))) == (True, False)
    if name != "../../etc/passwd":
        assert found == safe
