"""Objects of the pages of portfolios, shares and what was shown, for the matrix of pages and people."""

import uuid

from accounts.models import Consent, StoredFile, User
from portfolio.models import Share
from tests.factories import make_class
from tests.portfolio.factories import let_show, make_share, make_work

CODE, DEAD = "matrixmatrixmatrix22", "matrixmatrixmatrix33"


def show_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The pupil's page and another's, both classes; shares of the pupil by a link, dead and alive, to a person and a
    class, and one of another pupil to whom no consent was given."""
    pupil, other = people["pupil"], people["other_pupil"]
    pupils = {"own": {"pk": pupil.pk}, "other": {"pk": other.pk}, "none": {}}
    classes = {"own": {"pk": make_class(grade=8).pk}, "other": {"pk": make_class(grade=8, letter="Б").pk}, "none": {}}
    shares = _shares(pupil, people)
    shown = {name: {"pk": shares[name].pk} for name in ("person", "class")}
    foreign = {"pk": (other.portfolio_shares.first() or make_share(other, person=people["teacher"])).pk}
    of_file = {"own": {"code": CODE, "key": _file(shares["link"])}, "dead": {"code": DEAD}, "none": {}}
    return {
        "portfolio:portfolio_detail": pupils,
        "portfolio:pupil_share_list": pupils,
        "portfolio:class_detail": classes,
        "portfolio:share_withdraw": {"own": {"pk": shares["kept"].pk}, "other": foreign, "none": {}},
        "portfolio:shown_detail": {**shown, "unagreed": foreign, "none": {}},
        "portfolio:show": {"own": {"code": CODE}, "dead": {"code": DEAD}, "none": {}},
        "portfolio:show_file": of_file,
    }


def _shares(pupil: User, people: dict[str, User | None]) -> dict[str, Share]:
    if not Consent.objects.filter(subject=pupil, text__kind="portfolio").exists():
        let_show(pupil, people["parent"])
    found = {one.title: one for one in pupil.portfolio_shares.all()}
    if not found:
        work = make_work(pupil, title="Работа матрицы", submitted=False)
        fields = {
            "link": {"code": CODE}, "dead": {"code": DEAD, "withdrawn_at": pupil.created_at}, "kept": {"code": "kept"},
            "person": {"person": people["other_pupil"]}, "class": {"school_class": make_class(grade=8)},
        }  # fmt: skip
        found = {name: make_share(pupil, works=[work], title=name, **one) for name, one in fields.items()}
    return found


def _file(share: Share) -> uuid.UUID:
    """Of the work that the link shows; it waits for the virus scanner, which its own page says: 409."""
    version = share.works.get().versions.get()
    row = version.files.first()
    if row is None:
        fields = {"kind": "portfolio_work", "name": "птицы.pdf", "media_type": "application/pdf", "size": 9}
        row = version.files.create(file=StoredFile.objects.create(**fields, sha256="0" * 64, state="waiting"))
    return row.file_id
