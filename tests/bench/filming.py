"""Puts a long video into the demo course of the measured portal; tells its address, the pages, and pupils' sessions."""

import io
import json
import sys
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.management import call_command
from django.urls import reverse

from accounts.actor import Actor
from eios.lib.filetypes import MIB
from resources.actions.courses import life, media, parts
from resources.models import Course, CourseMedia
from tests import recordings
from tests.bench.sites import sessions_of


def main(megabytes: int) -> None:
    """Within the portal's own settings; one line of JSON."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("demo", pupils=100, teachers=8, stdout=io.StringIO())
    course = Course.objects.get(media__name="naklon.mp4")
    video = film(course, megabytes)
    numbers = course.release.parts.filter(kind="page").values_list("number", flat=True)
    pages = [reverse("resources:course_page", args=[course.pk, number]) for number in numbers]
    told = {"video": video.file.url, "size": video.file.size, "pages": pages, "sessions": sessions_of(r"^pupil\d+$")}
    json.dump(told, sys.stdout)


def film(course: Course, megabytes: int) -> CourseMedia:
    """A real video of about so many megabytes on a published page."""
    by, head = (Actor(person, None, person.username) for person in (course.author, course.release.published_by))
    with tempfile.TemporaryDirectory(prefix="eios-bench-") as folder:
        path = Path(folder) / "a.mp4"
        recordings.record_long(path, megabytes * MIB)
        with path.open("rb") as file:
            row = media.add_media(course, File(file, "Длинное.mp4"), alt="Урок", by=by)
    page = course.parts.get(kind="page", text__contains="naklon.mp4")
    text = f"{page.text}\n\n![Урок](media/{row.name})\n"
    parts.save_text(page, title=page.title, text=text, seen=page.version, by=by)
    course.refresh_from_db()
    life.submit(course, by=by)
    life.publish(course, by=head)
    course.refresh_from_db()
    return row
