"""What a reader takes out of the portal, and what the verification page knows of it (12.1). Reads only."""

import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import exports
from accounts.models import SchoolCard, User
from accounts.one_time import code_groups
from eios.lib import qr
from portfolio import rights, showing
from portfolio.archive import Label
from portfolio.content import content_of
from portfolio.models import Achievement, Export, Work
from portfolio.plain import Packed, packed
from portfolio.record import results_of
from portfolio.sections import RESULTS, WHOLE, Sections


def packed_for(pupil: User, reader: User, date: datetime.date, sections: Sections = WHOLE) -> Packed:
    """What was chosen of the portfolio as the reader sees it, results of the journal with it."""
    room = pupil.school_class_now
    content = sections.of(showing.portfolio_of(pupil, reader, date))
    results = results_of(pupil) if RESULTS in sections.parts else ()
    return packed(content, results, room.name if room else "", sections)


def packed_whole(pupil: User, class_name: str = "") -> Packed:
    """All that is confirmed and sealed, for the pupil who leaves."""
    content = content_of(
        pupil, achievements=Achievement.objects.counted(), works=Work.objects.all().of_author(pupil)
    )  # fmt: skip
    return packed(content, results_of(pupil), class_name)


def exports_seen(person: User, date: datetime.date) -> QuerySet[Export]:
    """Of whom one reads the portfolio."""
    pupils = rights.pupils_seen(person, date).values("pk")
    return Export.objects.filter(pupil__in=pupils).select_related("pupil", "created_by", "withdrawn_by")


def by_number(typed: str) -> Export | None:
    """By what was typed from paper: dashes, spaces and case do not count."""
    number = "".join(letter for letter in typed.casefold() if letter.isalnum())
    return Export.objects.filter(number=number).first() if number else None


def number_words(export: Export) -> str:
    """In groups, to be read aloud."""
    return "-".join(code_groups(export.number))


def verify_url(export: Export) -> str:
    return f"{settings.PORTAL_URL}{reverse('portfolio:verify_detail', args=[export.number])}"


def label_of(export: Export, school: SchoolCard) -> Label:
    made_on = timezone.localdate(export.created_at)
    source = exports.source_line(school, settings.PORTAL_URL)
    return Label(number_words(export), made_on, source, verify_url(export))


def qr_of(export: Export) -> str:
    return qr.picture(verify_url(export))
