"""Objects of the pages of exports, leavers, rating and completeness, for the matrix of pages and people."""

import datetime

from django.utils import timezone

from accounts.models import User
from accounts.models.credentials import digest
from eios.lib.dates import today
from portfolio.models import Export, Handover, PortfolioRules
from tests.factories import make_class, make_pupil
from tests.portfolio.factories import TERM

NUMBER, CODE = "matrixmatrix2345", "matrixmatrixmatrix55"
OF_EXPORT = ("export_detail", "export_print", "export_pdf", "export_archive", "export_withdraw")
SWITCHES = ("outsiders_review", "has_rating", "pupils_see_rating")
OF_LEAVER = ("leaver_freeze", "leaver_unfreeze", "leaver_link")


def out_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The pupil's export, by the parent; a leaver with a link that is used up; own points of both pupils, where the
    school shows them."""
    pupil, other = people["pupil"], people["other_pupil"]
    PortfolioRules.objects.update_or_create(pk=1, defaults=dict.fromkeys(SWITCHES, True))
    export = Export.objects.filter(number=NUMBER).first() or Export.objects.create(
        pupil=pupil, kind="print", number=NUMBER, sha256="0" * 64, created_by=people["parent"]
    )
    leaver = _leaver()
    handover = Handover.objects.filter(digest=digest(CODE)).first() or Handover.objects.create(
        pupil=leaver, digest=digest(CODE), created_by=people["director"], expires_at=timezone.now() + TERM,
        used_at=timezone.now(),
    )  # fmt: skip
    pupils = {"own": {"pk": pupil.pk}, "other": {"pk": other.pk}, "none": {}}
    room, next_door = make_class(grade=8), make_class(grade=8, letter="Б")
    return {
        **{f"portfolio:{page}": {"own": {"pk": export.pk}, "none": {}} for page in OF_EXPORT},
        "portfolio:pupil_export_list": pupils,
        "portfolio:verify_detail": {"living": {"number": NUMBER}, "none": {"number": "nosuchnumber"}},
        **{f"portfolio:{page}": {"left": {"pk": leaver.pk}, "stays": {"pk": pupil.pk}} for page in OF_LEAVER},
        "portfolio:leaver_revoke": {"used": {"pk": handover.pk}, "none": {}},
        "portfolio:handover": {"used": {"code": CODE}, "none": {}},
        "portfolio:rating_pupil": pupils,
        "portfolio:completeness_detail": pupils,
        "portfolio:completeness_class": {"own": {"pk": room.pk}, "other": {"pk": next_door.pk}, "none": {}},
    }


def _leaver() -> User:
    found = User.objects.filter(surname="Выбывший").first()
    if found is None:
        found = make_pupil(school_class=make_class(grade=9), surname="Выбывший", age=16)
        found.enrolments.update(ends=today() - datetime.timedelta(days=1))
    return found
