"""A course taken out and brought into another installation: hash for hash, or refused whole (1.6)."""

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import StoredFile
from resources.actions.courses import media
from resources.actions.courses.importing import import_course
from resources.courses import archive
from resources.courses.tree import places
from resources.models import Course, CourseMedia
from tests.factories import make_course, make_employee, make_pupil, sign_in
from tests.resources.courses.test_media import picture, publish, sound  # noqa: F401 (one set of samples)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
TEXT = "Рисунок ![Опыт](media/opyt-1.png)\n\n$x^2$\n\n[дальше](page/{key})"


def by(person) -> Actor:
    return Actor(person, None, person.username)


@pytest.fixture
def author(client):
    person = make_employee(surname="Сочинителева")
    sign_in(client, person)
    return person


@pytest.fixture
def course(author):
    made = make_course(author, pages=("Первая", "Вторая"), grade_from=7, grade_to=8)
    first, second = made.parts.filter(kind="page")
    media.add_media(made, picture(), alt="Схема", by=by(author))
    recording = media.add_media(made, sound(), by=by(author))
    srt = SimpleUploadedFile("а.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHi\n")
    media.change_media(recording, alt="", credit="", subtitles=srt, poster=picture("кадр.png"), by=by(author))
    first.text = TEXT.format(key=second.key)
    first.save()
    return made


def packed(course) -> bytes:
    return archive.pack(course, *archive.written(course)).read()


def told(course) -> list[tuple]:
    return [
        (place.part.key, place.depth, place.part.kind, place.part.title, place.part.text)
        for place in places(course, texts=True)
    ]


def files_of(course) -> list[tuple]:
    rows = course.media.select_related("file", "subtitles", "poster").order_by("name")
    beside = [[file and file.sha256 for file in (row.subtitles, row.poster)] for row in rows]
    return [(row.name, row.file.sha256, row.alt, *files) for row, files in zip(rows, beside, strict=True)]


def test_what_is_brought_in_is_what_was_taken_out_hash_for_hash(course, author):
    data = packed(course)
    assert hashlib.sha256(data).digest() == hashlib.sha256(packed(course)).digest()
    pages, files, renditions = told(course), files_of(course), course.media.get(name="opyt-1.png").renditions.count()
    # An installation without the course, its files and its author.
    Course.objects.update(element=course.element)
    CourseMedia.objects.all().delete()
    course.parts.all().delete()
    StoredFile.objects.all().delete()
    other = make_employee(surname="Приёмщикова")
    copy, remarks = import_course(io.BytesIO(data), by=by(other))
    assert (told(copy), files_of(copy), remarks) == (pages, files, [])
    assert copy.media.get(name="opyt-1.png").renditions.count() == renditions
    assert (copy.title, copy.grades, copy.author, copy.state) == (course.title, "7–8 классы", other, "writing")
    assert "Сочинителева" in copy.byline
    assert packed(copy) == data


def broken(data: bytes, change) -> bytes:
    """The archive with its entries changed: name → bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        entries = [(entry.filename, old.read(entry)) for entry in old.infolist()]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name, content in change(entries):
            new.writestr(name, content)
    return out.getvalue()


def of_manifest(change):
    def changed(entries):
        for name, content in entries:
            if name == "manifest.json":
                about = json.loads(content)
                change(about)
                content = json.dumps(about).encode()
            yield name, content

    return changed


BROKEN = {
    "not a zip": (lambda data: b"PK nothing", "не архив ZIP"),
    "cut short": (lambda data: data[: len(data) // 2], "не архив ZIP"),
    "outside": (lambda data: broken(data, lambda e: [*e, ("../../etc/cron.d/x", b"x")]), "за пределы"),
    "absolute": (lambda data: broken(data, lambda e: [*e, ("/etc/passwd", b"x")]), "за пределы"),
    "drive": (lambda data: broken(data, lambda e: [*e, ("C:/x", b"x")]), "за пределы"),
    "no manifest": (lambda data: broken(data, lambda e: [one for one in e if one[0][-5:] != ".json"]), "manifest"),
    "rubbish": (lambda data: broken(data, lambda e: [("manifest.json", b"[" * 100_000)]), "не читается"),
    "foreign": (lambda data: broken(data, lambda e: [("manifest.json", b"{}")]), "не описание курса"),
    "version": (lambda data: broken(data, of_manifest(lambda m: m.update(version=9))), "версии 9"),
    "twice": (lambda data: broken(data, of_manifest(lambda m: m["parts"].append(m["parts"][0]))), "повторяется"),
    "names twice": (lambda data: broken(data, of_manifest(lambda m: m["media"].append(m["media"][0]))), "повторяется"),
    "bad name": (lambda data: broken(data, of_manifest(lambda m: m["media"][0].update(name="../x.png"))), "неверно"),
    "hash": (lambda data: broken(data, of_manifest(lambda m: m["media"][0].update(sha256="0" * 64))), "хеш не"),
    "text": (lambda data: broken(data, lambda e: [(n, c + b"!" if n.endswith(".md") else c) for n, c in e]), "хеш не"),
    "gone": (lambda data: broken(data, lambda e: [one for one in e if not one[0].endswith(".png")]), "нет файла"),
    "cp1251": (
        lambda data: broken(data, of_manifest(lambda m: m["parts"][1].update(file="pages/страница.md"))), "нет файла"
    ),
    "program": (
        lambda data: broken(data, lambda e: [(n, b"MZ" + b"0" * 99 if n.endswith(".png") else c) for n, c in e]),
        "не принимаются",
    ),
    "orphan": (lambda data: broken(data, of_manifest(lambda m: m["parts"][1].update(parent="f" * 12))), "не в разделе"),
    "types": (lambda data: broken(data, of_manifest(lambda m: m.update(parts=[1, None, "x"]))), "не описание курса"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_archive_is_refused_in_words_and_nothing_is_brought_in(client, course, name):
    spoil, words = BROKEN[name]
    upload = SimpleUploadedFile("курс.zip", spoil(packed(course)))
    before = (Course.objects.count(), CourseMedia.objects.count(), StoredFile.objects.count())
    answer = client.post(reverse("resources:course_import"), {"file": upload})
    assert answer.status_code == 200
    assert words in answer.text.replace("&quot;", '"')
    assert (Course.objects.count(), CourseMedia.objects.count(), StoredFile.objects.count()) == before


def test_a_bomb_is_not_unpacked(client, course, settings):
    settings.COURSE_MEDIA_MB = 1
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("manifest.json", b"{}")
        bomb.writestr("media/a.png", b"\0" * 60_000_000)
    upload = SimpleUploadedFile("бомба.zip", out.getvalue())
    assert "Распакованный" in client.post(reverse("resources:course_import"), {"file": upload}).text


def test_the_plain_pages_open_without_the_portal(client, course, author):
    answer = client.get(reverse("resources:desk_course_html", args=[course.pk]))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as pages:
        names = pages.namelist()
        first = pages.read("002.html").decode()
        index = pages.read("index.html").decode()
    assert {"index.html", "style.css", "002.html", "003.html", "media/opyt-1.png"} <= set(names)
    assert 'src="media/opyt-1.png"' in first
    assert 'href="003.html"' in first
    assert "<math" in first
    assert "Источник:" in first
    assert "/files/" not in first
    assert 'href="002.html"' in index


def test_readers_take_out_the_release_and_strangers_nothing(client, course, author):
    make_course(author, title="Тайный")
    archives = [reverse(f"resources:{name}", args=[course.pk]) for name in ("course_archive", "course_html")]
    desk = [reverse(f"resources:desk_course_{name}", args=[course.pk]) for name in ("archive", "html", "exchange")]
    for person in (make_employee(), make_pupil()):
        sign_in(client, person)
        assert {client.get(page).status_code for page in (*archives, *desk)} <= {403, 404}
    client.logout()
    assert {client.get(page).status_code for page in archives} == {404}
    Course.objects.filter(pk=course.pk).update(method_group=None)
