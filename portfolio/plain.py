"""A portfolio as plain values, the same for print, PDF and archive: the JSON that is kept without the portal (12.1).

The schema is told in docs/portfolio.md; names of the fields stay. `Packed.files` are stored files by their place in the
archive. Pure but for what `Content` has loaded.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import StoredFile
from portfolio.content import Content, Entry, Opinion, VersionShown, WorkShown
from portfolio.record import YearRecord
from portfolio.sections import WHOLE, Sections

FORMAT, VERSION = "eios-portfolio", 1
LONGEST_NAME = 80
# What names of files on a Windows disk can't hold.
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


@dataclass
class Packed:
    """The values, and which stored file lies where in the archive."""

    values: dict
    files: dict[str, StoredFile] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return fingerprint(self.values)


def fingerprint(values: dict) -> str:
    """SHA-256 of the values as JSON with sorted keys and no spaces."""
    plain = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def packed(content: Content, results: Iterable[YearRecord], class_name: str, sections: Sections = WHOLE) -> Packed:
    """Pure: what was chosen of a portfolio; the moment and the number of an export are no part of it."""
    found = Packed({})
    pupil = content.pupil
    found.values = {
        "format": FORMAT,
        "version": VERSION,
        "pupil": {
            "surname": pupil.surname, "name": pupil.name, "patronymic": pupil.patronymic, "class": class_name,
        },
        "sections": sections.kept,
        "sections_title": sections.words,
        "cover": _cover(content, found),
        "spheres": [
            {"sphere": one.sphere.value, "title": one.sphere.label, "achievements": one.achievements,
             "works": one.works}
            for one in content.spheres
        ],
        "achievements": [_entry(one, number, found) for number, one in enumerate(content.entries, 1)],
        "works": [_work(one, number, found) for number, one in enumerate(content.works, 1)],
        "results": [_year(one) for one in results],
    }  # fmt: skip
    return found


def _cover(content: Content, found: Packed) -> dict | None:
    cover = content.cover
    if cover is None:
        return None
    return {"motto": cover.motto, "about": cover.about, "picture": _file(cover.cover, "cover", 1, found)}


def _entry(entry: Entry, number: int, found: Packed) -> dict:
    row = entry.achievement
    return {
        "key": row.pk, "origin": row.origin, "origin_title": row.get_origin_display(), "source": entry.source_words,
        "title": row.title, "sphere": row.sphere, "sphere_title": row.get_sphere_display(), "level": row.level,
        "level_title": row.get_level_display(), "stage": row.stage, "stage_title": row.get_stage_display(),
        "outcome": row.outcome, "outcome_title": row.get_outcome_display(), "place": row.place, "mode": row.mode,
        "mode_title": row.get_mode_display(), "date": row.date.isoformat(), "subject": _name(row.subject),
        "organiser": row.organiser, "team": row.team, "mentor": row.mentor, "grade": row.grade,
        "grade_performed": row.grade_performed, "note": row.note, "version": row.version,
        "confirmed_on": _day(row.decided_at),
        "evidence": [
            {"kind": one.kind, "title": one.title, "link": one.link,
             "file": _file(one.file, f"evidence/{number:03d}", place, found)}
            for place, one in enumerate(entry.evidence, 1)
        ],
    }  # fmt: skip


def _work(shown: WorkShown, number: int, found: Packed) -> dict:
    work = shown.work
    return {
        "key": work.pk, "title": work.title, "kind": work.kind, "kind_title": work.get_kind_display(),
        "sphere": work.sphere, "sphere_title": work.get_sphere_display(), "subject": _name(work.subject),
        "task": work.task, "mentor": ", ".join(filter(None, [_name(work.mentor), work.mentor_words])),
        "authors": [{"name": one.person.get_full_name(), "contribution": one.contribution} for one in shown.authors],
        "other_authors": work.other_authors,
        "versions": [_version(one, f"works/{number:03d}/v{one.version.number}", found) for one in shown.versions],
    }  # fmt: skip


def _version(shown: VersionShown, folder: str, found: Packed) -> dict:
    version = shown.version
    return {
        "number": version.number, "sealed_at": timezone.localtime(version.sealed_at).isoformat(),
        "sealed_on": _day(version.sealed_at), "sha256": version.sha256, "text": version.text,
        "reflection": version.reflection,
        "files": [{"title": one.title, **_file(one.file, folder, place, found)}
                  for place, one in enumerate(shown.files, 1)],
        "links": [{"url": one.url, "title": one.title} for one in shown.links],
        "reviews": [_review(one) for one in shown.opinions],
    }  # fmt: skip


def _review(opinion: Opinion) -> dict:
    row = opinion.review
    return {
        "by": row.author_words, "capacity": row.capacity, "capacity_title": row.get_capacity_display(),
        "date": _day(row.created_at), "text": row.text, "mark": row.mark, "total": opinion.total,
        "points": [{"criterion": title, "points": points, "most": most} for title, points, most in opinion.points],
        "answer": row.answer, "answered_on": _day(row.answered_at),
    }  # fmt: skip


def _year(record: YearRecord) -> dict:
    return {
        "year": record.title, "class": record.class_name, "sources": record.sources,
        "subjects": [
            {"subject": one.subject, "year": one.year, "exam": one.exam, "final": one.final} for one in record.rows
        ],
        "attestation": [
            {"subject": one.subject, "form": one.form, "date": one.date and one.date.isoformat(), "value": one.value}
            for one in record.attestation
        ],
        "exams": [
            {"subject": one.subject, "date": one.date.isoformat(), "score": one.score, "mark": one.mark}
            for one in record.exams
        ],
    }  # fmt: skip


def _file(stored: StoredFile | None, folder: str, number: int, found: Packed) -> dict | None:
    """What a file is and where it lies in the archive; numbered, so that equal names do not meet."""
    if stored is None:
        return None
    path = f"{folder}/{number:02d} {safe_name(stored.name)}"
    if stored.is_ready:
        found.files[path] = stored
    return {
        "path": path if stored.is_ready else "", "name": stored.name, "type": stored.media_type, "size": stored.size,
        "sha256": stored.sha256,
    }  # fmt: skip


def safe_name(name: str) -> str:
    """A name that any disk takes: no signs that Windows forbids, no dot or space at the end, not too long."""
    stem, dot, ending = _UNFIT.sub("_", name).rpartition(".")
    stem, ending = (stem, ending) if dot else (ending, "")
    stem = stem.strip(" .")[: LONGEST_NAME - len(ending) - 1].rstrip(" .") or "file"
    return f"{stem}.{ending.strip(' .')}" if ending.strip(" .") else stem


def _name(row) -> str:
    return "" if row is None else str(row)


def _day(moment) -> str | None:
    return timezone.localdate(moment).isoformat() if moment else None
