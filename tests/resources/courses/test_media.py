"""Files of a course: taken in, described, shown to those who may read the course (1.6, 3.6)."""

import io
import wave

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.actor import Actor
from accounts.models import StoredFile, User
from eios.lib.filetypes import FileRefused
from resources.actions.courses import life, media
from resources.courses.measuring import NotSubtitles, subtitles_of
from tests.factories import make_course, make_employee, make_method_group, make_pupil, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


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
    new = media.replace_media(row, picture(color="red"), by=by(author))
    assert new.name == "opyt-1.png"
    assert sorted(course.media.values_list("name", flat=True)) == ["opyt-1-old.png", "opyt-1.png"]
    assert opens(client, former)
    assert not opens(client, new.file)
    publish(course, author)
    assert opens(client, new.file)
    assert not opens(client, former)
    with pytest.raises(ValidationError, match="другого рода"):
        media.replace_media(new, sound(), by=by(author))


def test_what_pages_or_releases_name_is_not_taken_out(course, author):
    row = media.add_media(course, picture(), by=by(author))
    put(course, row.name)
    with pytest.raises(ValidationError, match="Введение"):
        media.delete_media(row, by=by(author))
    publish(course, author)
    course.parts.update(text="Без картинки")
    with pytest.raises(ValidationError, match="выпуске"):
        media.delete_media(row, by=by(author))


def test_subtitles_are_taken_from_srt_and_old_encodings(client, course, author):
    srt = "1\r\n00:00:01,000 --> 00:00:02,500\r\nПривет\r\n"
    assert subtitles_of(srt.encode("cp1251")) == "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nПривет\n"
    with pytest.raises(NotSubtitles):
        subtitles_of(b"\x00\x01 not subtitles")
    row = media.add_media(course, sound(), by=by(author))
    page = reverse("resources:desk_course_media_change", args=[course.pk, row.pk])
    client.post(page, {"alt": "Речь", "credit": "", "subtitles_file": SimpleUploadedFile("а.srt", srt.encode())})
    row.refresh_from_db()
    assert row.subtitles is not None
    assert "этого" not in client.get(page).text
    answer = client.post(page, {"alt": "Речь", "subtitles_file": SimpleUploadedFile("б.srt", b"\xff\xfe")})
    assert "не субтитры" in answer.text
    client.post(page, {"alt": "Речь", "without_subtitles": "on"})
    row.refresh_from_db()
    assert row.subtitles is None


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
