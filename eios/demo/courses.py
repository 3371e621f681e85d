"""Courses of the demonstration school: one for algebra 7 with files, others in every state; and readers of it."""

import datetime
import io
import math
import wave
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.actor import Actor
from accounts.models import Appointment, User
from eios.demo.course_texts import ANNOTATION, OTHERS, PAGES, SUBTITLES, TITLE
from resources import materials
from resources.actions.courses import comments, drafts, life, media, parts
from resources.actions.courses.authors import add_author
from resources.actions.courses.players import load_players
from resources.models import Course, PageVisit, Programme, Subject

VIDEO = Path(__file__).parent / "media" / "line.mp4"
RATE = 8000


def write(by_login: dict[str, User], *, by: Actor) -> None:
    """Teachers write, the heads of their ШМО publish, pupils read."""
    load_players(by=by)
    author = _fresh(by_login["teacher1"])
    course = _algebra(author)
    _publish(course, author)
    _read(course, by_login)
    for title, annotation, closure, state in OTHERS:
        _other(author, title, annotation, closure, state)


def _algebra(author: User) -> Course:
    by = _actor(author)
    course = drafts.begin(
        Course(
            title=TITLE, annotation=ANNOTATION, subject=Subject.objects.filter(name="Алгебра").first(), grade_from=7,
            grade_to=7, method_group=materials.method_group_of(author),
        ),
        SimpleUploadedFile("обложка.png", _line(640, 480)), by=by,
    )  # fmt: skip
    media.add_media(course, SimpleUploadedFile("Прямая.png", _line(1200, 800)), alt="Прямая y = x на клетке", by=by)
    film = media.add_media(course, SimpleUploadedFile("Наклон.mp4", VIDEO.read_bytes()), alt="Прямая растёт", by=by)
    subtitles = SimpleUploadedFile("наклон.vtt", SUBTITLES.encode())
    media.change_media(film, alt=film.alt, credit="", subtitles=subtitles, by=by)
    media.add_media(course, SimpleUploadedFile("Условие.wav", _tone()), alt="Гудок такси", by=by)
    for section, pages in PAGES.items():
        parent = parts.add_part(course, kind="section", title=section, by=by)
        for title, text in pages.items():
            page = parts.add_part(course, kind="page", title=title, parent=parent, by=by)
            parts.save_text(page, title=title, text=text, seen=0, by=by)
    programme = Programme.objects.approved().filter(subject=course.subject, grade_from=7).order_by("-pk").first()
    if programme:
        drafts.link_topics(course, [programme], programme.topics.filter(position__in=(2, 3)), by=by)
    return course


def _other(author: User, title: str, annotation: str, closure: int, state: str) -> None:
    by = _actor(author)
    course = Course(title=title, annotation=annotation, closure=closure)
    course.method_group = materials.method_group_of(author)
    drafts.begin(course, by=by)
    page = parts.add_part(course, kind="page", title="Введение", by=by)
    parts.save_text(page, title="Введение", text=f"## {title}\n\n{annotation}", seen=0, by=by)
    if state == "writing":
        head = _head(course)
        if head and head != author:
            add_author(course, head, by=by)
    elif state == "review":
        life.submit(course, by=by)
        comments.comment(page, text="Добавьте пример с вкладом.", by=_actor(_head(course) or author))
    else:
        _publish(course, author)
        if state == "archived":
            life.archive(course, reason="Факультатив больше не ведут.", by=by)


def _publish(course: Course, author: User) -> None:
    life.submit(course, by=_actor(author))
    life.publish(course, by=_actor(_head(course) or author))
    course.refresh_from_db()


def _head(course: Course) -> User | None:
    row = Appointment.objects.filter(position__code="method_group_head", method_group=course.method_group_id).first()
    return row.person if row else None


def _read(course: Course, by_login: dict[str, User]) -> None:
    """Pupils have read, each as far as somebody would."""
    pages = list(course.release.parts.filter(kind="page"))
    now = timezone.now()
    PageVisit.objects.bulk_create(
        PageVisit(
            person=by_login[login], part_id=page.part_id, seconds=90 + 20 * number, is_read=True, is_marked=not number,
            last_at=now - datetime.timedelta(hours=number),
        )
        for login, read in (("pupil1", 4), ("pupil2", len(pages)))
        for number, page in enumerate(pages[:read])
    )  # fmt: skip


def _line(width: int, height: int) -> bytes:
    """A straight line on a squared sheet."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for x in range(0, width, 40):
        draw.line((x, 0, x, height), fill="#dbe3f0")
    for y in range(0, height, 40):
        draw.line((0, y, width, y), fill="#dbe3f0")
    draw.line((0, height // 2, width, height // 2), fill="#334155", width=3)
    draw.line((width // 2, 0, width // 2, height), fill="#334155", width=3)
    draw.line((width // 2 - height // 2, height, width // 2 + height // 2, 0), fill="#1d4ed8", width=6)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _tone() -> bytes:
    """A second of a taxi's horn."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(bytes(128 + round(60 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(RATE)))
    return out.getvalue()


def _actor(person: User) -> Actor:
    return Actor(person, None, person.username)


def _fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)
