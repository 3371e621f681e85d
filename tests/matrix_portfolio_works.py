"""Objects of the pages of works, reviews, invitations and rubrics, for the matrix of pages and people."""

from django.utils import timezone

from accounts.models import User
from accounts.models.credentials import digest
from portfolio.models import Invitation, Review, Rubric, Work
from tests.portfolio.factories import TERM, make_review, make_rubric, make_version, make_work

CODE = "matrixmatrixmatrix44"
OF_WORK = ("work_detail", "version_change", "version_seal", "version_next", "work_change", "work_remove", "work_submit",
           "work_take_back", "author_add", "author_agree", "author_decline")  # fmt: skip


def work_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The pupil's work as a draft, sealed, submitted, and one at which the other pupil is asked to be an author; the
    other pupil's submitted one, and one of both; reviews that wait and stand; the teacher's rubric."""
    pupil, other, teacher = people["pupil"], people["other_pupil"], people["teacher"]
    works = {
        "draft": _work(pupil, "черновик", sealed=False, submitted=False),
        "sealed": _work(pupil, "закреплена", submitted=False),
        "open": _work(pupil, "открыта"),
        "other": _work(other, "другого"),
    }
    if not works["sealed"].authors.filter(person=other).exists():
        works["sealed"].authors.create(person=other)
    joint = _work(pupil, "общая")
    if not joint.authors.filter(person=other).exists():
        joint.authors.create(person=other, agreed_at=timezone.now())
    asked = works["sealed"].authors.get(person=other)
    version = works["open"].versions.get(number=1)
    published, waiting = _review(version, teacher, "published"), _review(version, people["classteacher"], "waiting")
    of_work = {name: {"pk": one.pk} for name, one in works.items()} | {"none": {}}
    of_version = {name: {"pk": one.pk, "number": 1} for name, one in works.items()} | {"none": {}}
    reviews = {"published": {"pk": published.pk}, "waiting": {"pk": waiting.pk}, "none": {}}
    rubric = Rubric.objects.filter(created_by=teacher).first() or make_rubric(created_by=teacher)
    invitation = _invitation(version, pupil)
    return {
        **{f"portfolio:{page}": of_work for page in OF_WORK},
        "portfolio:author_leave": {"joint": {"pk": joint.pk}, "open": of_work["open"], "none": {}},
        "portfolio:author_remove": {"own": {"pk": asked.work_id, "author": asked.pk}, "none": {}},
        "portfolio:pupil_work_list": {"own": {"pk": pupil.pk}, "other": {"pk": other.pk}, "none": {}},
        "portfolio:review_add": of_version,
        "portfolio:invitation_add": of_version,
        **{f"portfolio:review_{verb}": reviews for verb in ("detail", "answer", "revoke", "publish", "decline")},
        **{f"portfolio:rubric_{verb}": {"own": {"pk": rubric.pk}, "none": {}} for verb in ("change", "retire")},
        "portfolio:invitation_revoke": {"own": {"pk": invitation.pk}, "none": {}},
        "portfolio:invited": {"living": {"code": CODE}, "none": {}},
    }


def _work(pupil: User, title: str, **fields) -> Work:
    title = f"Матрица: {title}"
    found = Work.objects.filter(owner=pupil, title=title).first() or make_work(pupil, title=title, **fields)
    if not found.versions.exists():
        make_version(found)
    return found


def _review(version, reviewer: User, state: str) -> Review:
    found = version.reviews.filter(reviewer=reviewer, state=state).first()
    return found or make_review(version, reviewer, state=state)


def _invitation(version, pupil: User) -> Invitation:
    found = version.invitations.filter(digest=digest(CODE)).first()
    return found or version.invitations.create(
        name="Орлов", role="учёный", digest=digest(CODE), created_by=pupil, expires_at=timezone.now() + TERM
    )
