"""Files of a course: taken in, described, shown to those who may read the course (1.6, 3.6)."""

import io
import wave

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from accounts.actor import Actor
from accounts.models import StoredFile, User
from eios.lib.filetypes import FileRefused
from resources.actions.courses import life, media
from resources.courses.measuring import subtitles_of
from tests import recordings
from tests.factories import make_course, make_employee, make_method_group, make_pupil, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


@pytest.fixture(scope="session")
def film() -> bytes:
    return recordings.recorded("mp4")


@pytest.fixture
def author(client):
    person = make_employee()
    sign_in(client, person)
    return person


@pytest.fixture
def course(author):
    head = make_employee(position="method_group_head", method_group=make_method_group())
    return make_course(author, method_group=head.appointments.get().method_group)


def by(person) -> Actor:
    return Actor(person, None, person.username)


def picture(name="Опыт 1.png", size=(1200, 900), kind="PNG", color="navy") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind)
    return SimpleUploadedFile(name, out.getvalue())


def sound(seconds=2) -> SimpleUploadedFile:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 8000 * seconds)
    return SimpleUploadedFile("речь.wav", out.getvalue())


def publish(course, author) -> None:
    course.refresh_from_db()
    life.submit(course, by=by(author))
    head = User.objects.get(appointments__method_group=course.method_group)
    life.publish(course, by=by(head))
    course.refresh_from_db()


def put(course, name: str) -> None:
    course.parts.filter(kind="page").update(text=f"![Опыт](media/{name})")


def opens(client, file: StoredFile, person=None) -> bool:
    client.logout()
    if person:
        sign_in(client, person)
    return client.get(file.url).status_code == 200


def test_a_picture_is_taken_in_with_a_name_its_size_and_smaller_copies(client, course):
    page = reverse("resources:desk_course_media", args=[course.pk])
    client.post(page, {"files": [picture(), picture(), sound()], "alt": "Схема"})
    rows = list(course.media.order_by("pk"))
    assert [row.name for row in rows] == ["opyt-1.png", "opyt-1-2.png", "rech.wav"]
    assert (rows[0].width, rows[0].height, rows[0].alt) == (1200, 900, "Схема")
    assert list(rows[0].renditions.values_list("width", flat=True)) == [480, 960]
    assert rows[2].seconds == 2
    assert rows[0].file.owner is None
    assert "media/opyt-1.png" in client.get(page).text


RECORDED = {
    "mp4": ("video/mp4", recordings.SECONDS),
    "webm": ("video/webm", None),  # its length stands nowhere near its beginning
    "mp3": ("audio/mpeg", recordings.SECONDS),
    "m4a": ("audio/mp4", recordings.SECONDS),
    "ogg": ("audio/ogg", recordings.SECONDS),
    "opus": ("audio/ogg", recordings.SECONDS),
}


def test_recordings_of_every_kind_are_taken_in_with_their_length_and_can_be_sought_in(client, course, film):
    page = reverse("resources:desk_course_media", args=[course.pk])
    bodies = {kind: film if kind == "mp4" else recordings.recorded(kind) for kind in RECORDED}
    client.post(page, {"files": [SimpleUploadedFile(f"урок.{kind}", body) for kind, body in bodies.items()]})
    rows = list(course.media.order_by("pk").select_related("file"))
    assert [(row.file.media_type, row.seconds) for row in rows] == list(RECORDED.values())
    for row, body in zip(rows, bodies.values(), strict=True):
        middle = len(body) // 2
        part = client.get(row.file.url, headers={"range": f"bytes={middle}-{middle + 999}"})
        assert (part.status_code, b"".join(part)) == (206, body[middle : middle + 1000])
        assert part["Content-Range"] == f"bytes {middle}-{middle + 999}/{len(body)}"


def test_what_is_no_file_of_a_course_is_refused_in_words_and_the_rest_stays(client, course, settings):
    page = reverse("resources:desk_course_media", args=[course.pk])
    bad = [
        SimpleUploadedFile("пусто.png", b""),
        SimpleUploadedFile("схема.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        SimpleUploadedFile("программа.png", b"MZ\x90\x00" + b"\x00" * 100),
        picture("огромная.png", size=(9000, 9000)),
    ]
    answer = client.post(page, {"files": [*bad, picture("годная.png", size=(10, 10))]}, follow=True)
    told = " ".join(str(message) for message in answer.context["messages"])
    assert [name for name in ("пусто", "схема", "программа", "огромная") if name not in told] == []
    assert [row.name for row in course.media.all()] == ["godnaia.png"]
    settings.COURSE_MEDIA_MB = 0
    with pytest.raises(FileRefused, match="занимают"):
        media.add_media(course, picture(), by=by(course.author))


def test_a_file_opens_as_its_course_does(client, course, author):
    row = media.add_media(course, picture(), by=by(author))
    file, small, stranger = row.file, row.renditions.first().file, make_employee()
    assert opens(client, file, author)
    assert not any(opens(client, one, person) for one in (file, small) for person in (None, stranger, make_pupil()))
    put(course, row.name)
    publish(course, author)
    assert all(opens(client, one) for one in (file, small))
    assert f'src="{file.url}"' in client.get(f"/courses/{course.pk}/2/").text
    # What no page of the release names stays at the desk.
    unused = media.add_media(course, picture("тайна.png"), by=by(author))
    assert not opens(client, unused.file)
    course.refresh_from_db()
    life.archive(course, reason="Устарел", by=by(author))
    assert not opens(client, file)
    assert opens(client, file, author)


def test_another_file_under_the_name_waits_for_the_next_release(client, course, author):
    row = media.add_media(course, picture(), by=by(author))
    put(course, row.name)
    publish(course, author)
    former = row.file
    new = media.change_media(row, alt="Схема", credit="", another=picture(color="red"), by=by(author))
    assert new.name == "opyt-1.png"
    assert sorted(course.media.values_list("name", flat=True)) == ["opyt-1-old.png", "opyt-1.png"]
    assert opens(client, former)
    assert not opens(client, new.file)
    publish(course, author)
    assert opens(client, new.file)
    assert not opens(client, former)
    with pytest.raises(ValidationError, match="другого рода"):
        media.change_media(new, alt="", credit="", another=sound(), by=by(author))


def test_what_pages_or_releases_name_is_not_taken_out(course, author):
    row = media.add_media(course, picture(), by=by(author))
    put(course, row.name)
    with pytest.raises(ValidationError, match="Введение"):
        media.delete_media(row, by=by(author))
    publish(course, author)
    course.parts.update(text="Без картинки")
    with pytest.raises(ValidationError, match="выпуске"):
        media.delete_media(row, by=by(author))


SRT = "1\r\n00:00:01,000 --> 00:00:02,500\r\nПривет\r\n"
BAD_SUBTITLES = {
    "no times": (b"\x00\x01 not subtitles", "не субтитры"),
    "a byte that cp1251 has not": (SRT.encode("cp1251") + b"\x98", "повреждены"),
    "UTF-8 cut inside a letter": (SRT.strip().encode()[:-1], "повреждены"),
    "UTF-16": (SRT.encode("utf-16"), "повреждены"),
    "a program among letters": (SRT.encode() + b"\x00\x01", "Такие файлы не принимаются"),
    "too many": (SRT.encode() * 20_000, "больше 512"),
}


def test_subtitles_are_taken_from_srt_and_old_encodings():
    told = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nПривет\n"
    assert [subtitles_of(SRT.encode(name)) for name in ("cp1251", "utf-8", "utf-8-sig")] == [told] * 3
    assert subtitles_of(told.encode()) == told


def test_a_file_is_changed_whole_or_not_at_all(client, course, author, film):
    """Words, another file, subtitles and a poster in one post; a refusal stands at its own field."""
    row = media.add_media(course, SimpleUploadedFile("ф.mp4", film), by=by(author))
    page = reverse("resources:desk_course_media_change", args=[course.pk, row.pk])
    stored = StoredFile.objects.count()
    for name, (data, told) in BAD_SUBTITLES.items():
        bad = SimpleUploadedFile("а.srt", data)
        another = SimpleUploadedFile("н.mp4", film)
        answer = client.post(page, {"alt": "Новое", "poster": picture(), "another": another, "subtitles": bad})
        found = answer.context["form"].errors
        assert (name, list(found), told in str(found)) == (name, ["subtitles"], True)
    answer = client.post(page, {"alt": "Новое", "subtitles": upload_srt(), "another": sound()})
    assert list(answer.context["form"].errors) == ["another"]
    answer = client.post(page, {"alt": "Новое", "subtitles": upload_srt(), "poster": sound()})
    assert list(answer.context["form"].errors) == ["poster"]
    row.refresh_from_db()
    assert (row.alt, row.subtitles, row.poster, StoredFile.objects.count()) == ("", None, None, stored)
    client.post(page, {"alt": "Речь", "credit": "Школа", "subtitles": upload_srt(), "poster": picture()})
    row.refresh_from_db()
    assert (row.alt, row.credit, row.subtitles.media_type, row.poster.media_type) == (
        "Речь", "Школа", "text/vtt", "image/png",
    )  # fmt: skip
    assert client.get(row.subtitles.url)["Content-Type"] == "text/vtt"
    client.post(page, {"alt": "Речь", "subtitles-clear": "on"})
    row.refresh_from_db()
    assert (row.credit, row.subtitles, row.poster is None) == ("", None, False)


def test_readers_keep_the_subtitles_that_their_release_names(client, course, author, film):
    row = media.add_media(course, SimpleUploadedFile("ф.mp4", film), by=by(author))
    row = media.change_media(row, alt="Речь", credit="", subtitles=upload_srt(), poster=picture(), by=by(author))
    put(course, row.name)
    publish(course, author)
    before = [row.file, row.subtitles, row.poster]
    taken = media.bytes_of(course)
    new = media.change_media(row, alt="Речь", credit="", subtitles=upload_srt(), poster=False, by=by(author))
    assert (new.name, new.file, new.poster, media.bytes_of(course)) == ("f.mp4", row.file, None, taken)
    assert all(opens(client, file) for file in before)
    assert not opens(client, new.subtitles)
    publish(course, author)
    assert [opens(client, file) for file in (*before, new.subtitles)] == [True, False, False, True]


def upload_srt() -> SimpleUploadedFile:
    return SimpleUploadedFile("а.srt", SRT.encode())


def test_what_guests_may_read_stays_in_the_browser_and_is_asked_about(client, course, author):
    """Rights are asked each time; what is closed leaves nothing behind. Few queries for each file."""
    row = media.add_media(course, picture(), by=by(author))
    put(course, row.name)
    answer = client.get(row.file.url)
    assert answer["Cache-Control"] == "private, no-store"
    publish(course, author)
    for person, most in ((None, 4), (make_pupil(), 5), (author, 5)):
        client.logout()
        if person:
            sign_in(client, person)
        answer = client.get(row.file.url)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")
        with CaptureQueriesContext(connection) as asked:
            again = client.get(row.file.url, headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", "private, no-cache")
        assert len(asked) <= most, [one["sql"][:150] for one in asked]
    course.refresh_from_db()
    life.archive(course, reason="Устарел", by=by(author))
    assert client.get(row.file.url)["Cache-Control"] == "private, no-store"
    client.logout()
    assert client.get(row.file.url, headers={"If-None-Match": answer["ETag"]}).status_code == 404


def test_strangers_touch_no_file(client, course, author):
    row = media.add_media(course, picture(), by=by(author))
    sign_in(client, make_employee())
    for name, args in (("", []), ("_change", [row.pk]), ("_delete", [row.pk])):
        page = reverse(f"resources:desk_course_media{name}", args=[course.pk, *args])
        assert client.get(page).status_code == 404
        assert client.post(page, {"files": picture(), "alt": "Чужое"}).status_code == 404
    row.refresh_from_db()
    assert row.alt == ""


def test_a_file_of_two_gigabytes_is_refused_unread(client, course):
    page = reverse("resources:desk_course_media", args=[course.pk])
    answer = client.generic("POST", page, b"", CONTENT_TYPE="multipart/form-data", CONTENT_LENGTH=str(2 * 1024**3))
    assert answer.status_code == 413
