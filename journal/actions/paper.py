"""The journal of a class in one PDF, as long work: a gradebook at a time (1.3 b)."""

import json

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.actions.files import store
from accounts.actions.jobs import start_job
from accounts.actor import Actor
from accounts.models import Job, SchoolCard, SchoolClass, StoredFile
from eios.lib import russian
from eios.lib.dates import today
from eios.lib.filetypes import FileRefused
from journal import paper, rights
from journal.models import Gradebook
from journal.sheets import printing
from journal.sheets.content import fingerprint

JOB, FILE = "journal-paper", "journal_paper"
NOT_YOURS = "Журнал класса печатают его классный руководитель, директор и заместители."


def start_class(school_class: SchoolClass, period: int, *, by: Actor) -> Job:
    """Effects: a long work that draws every gradebook of the class, then puts them into one file.

    Raises ValidationError: not one's right, no gradebooks.
    """
    _refuse_others(school_class, by)
    books = [one.pk for one in paper.of_class(by.person, school_class, today())]
    if not books:
        raise ValidationError("У класса нет журналов: печатать нечего.")
    # The title and the contents come first: pages of gradebooks are counted from there on.
    params = {"class": school_class.pk, "period": period, "books": books, "parts": [], "file": None}
    params["next"] = 1 + printing.pages_of_contents(len(books))
    title = f"Журнал класса {school_class.name}"
    return start_job(JOB, title=title, total=len(books) + 1, params=params, by=by)


def class_step(job: Job, by: Actor) -> None:
    """One gradebook; at the end the title, the contents and all of them together."""
    school_class = SchoolClass.objects.select_related("year").get(pk=job.params["class"])
    _refuse_others(school_class, by)
    if job.done < len(job.params["books"]):
        _add_gradebook(job, job.params["books"][job.done], by)
    else:
        _join(job, school_class, by)
    job.done += 1


def _refuse_others(school_class: SchoolClass, by: Actor) -> None:
    if by.person is None or not rights.sees_class(by.person, school_class):
        raise ValidationError(NOT_YOURS)


def _add_gradebook(job: Job, key: int, by: Actor) -> None:
    book = Gradebook.objects.listed().select_related("programme").get(pk=key)
    now = timezone.now()
    content = paper.content_of(book, job.params["period"], SchoolCard.current(), today())
    sha256 = fingerprint(content)
    foot = paper.foot_of(content, now, sha256)
    made = printing.gradebook(content, foot=foot, made_at=now, first=job.params["next"], alone=False)
    file = _stored(made, f"{book}.pdf", by)
    title = ", ".join(filter(None, [content["subject"], content["subgroup"]]))
    part = {"title": title, "page": job.params["next"], "file": str(file.pk), "sha256": sha256}
    job.params["period_name"] = content["period"]
    job.params["parts"].append(part)
    job.params["next"] += len(PdfReader(settings.MEDIA_ROOT / file.path).pages)


def _join(job: Job, school_class: SchoolClass, by: Actor) -> None:
    """The sum of the whole is that of its gradebooks' sums."""
    parts = job.params["parts"]
    files = {str(one.pk): one for one in StoredFile.objects.filter(kind=FILE, pk__in=[one["file"] for one in parts])}
    if len(files) < len(parts):
        raise ValidationError("Готовые части уже убраны: начните печать заново.")
    now = timezone.now()
    sha256 = fingerprint({"parts": json.dumps([one["sha256"] for one in parts])})
    heading = {
        "school": SchoolCard.current().full_name, "class": school_class.name, "year": str(school_class.year),
        "period": job.params["period_name"],
    }  # fmt: skip
    day = timezone.localtime(now)
    foot = f"Журнал класса {school_class.name}. Напечатан {day:%d.%m.%Y %H:%M}. SHA-256 содержания: {sha256}"
    lines = [(one["title"], one["page"], str(settings.MEDIA_ROOT / files[one["file"]].path)) for one in parts]
    made = printing.class_book(heading, lines, foot=foot, made_at=now)
    letters = f"{school_class.grade}{school_class.letter}"
    name = f"Журнал {letters} {str(school_class.year).replace('/', '-')}, {job.params['period_name']}.pdf"
    job.params["file"] = str(_stored(made, name, by).pk)
    count = len(parts)
    job.message = f"В журнале {count} {russian.plural(count, 'предмет', 'предмета', 'предметов')}."
    job.next_url = reverse("journal:class_paper_ready", args=[job.pk])


def _stored(content: bytes, name: str, by: Actor) -> StoredFile:
    try:
        return store(ContentFile(content, name), kind=FILE, by=by, owner=None)
    except FileRefused as refusal:
        raise ValidationError(str(refusal)) from refusal
