"""Objects of the pages of achievements, for the matrix of pages and people."""

from django.utils import timezone

from accounts.models import User
from portfolio.models import Achievement
from tests.portfolio.factories import make_achievement

# The state in which the page has something to do.
OF_ENTRY = {
    "achievement_change": "draft", "achievement_submit": "draft", "achievement_remove": "draft",
    "achievement_take_back": "submitted", "achievement_renew": "confirmed", "achievement_same": "confirmed",
    "queue_detail": "submitted", "queue_confirm": "submitted", "queue_return": "submitted",
}  # fmt: skip


def achievement_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The pupil's entry in every state and a record; one of the pupil of 8 «Б» that waits; both pupils' lists."""
    pupil, other = people["pupil"], people["other_pupil"]
    entries = {state: _entry(pupil, state) for state in ("draft", "submitted", "returned", "confirmed", "replaced")}
    entries |= {"record": _entry(pupil, "confirmed", origin="record", source="СГО"), "none": {}}
    foreign = _entry(other, "submitted")
    return {
        "portfolio:achievement_detail": {**entries, "other": foreign},
        **{
            f"portfolio:{page}": {"own": entries[state], "other": foreign, "none": {}}
            for page, state in OF_ENTRY.items()
        },
        "portfolio:pupil_achievement_list": {"own": {"pk": pupil.pk}, "other": {"pk": other.pk}, "none": {}},
    }


def _entry(pupil: User, state: str, origin: str = "pupil", **fields) -> dict:
    title = f"Запись матрицы: {state}, {origin}"
    found = Achievement.objects.filter(pupil=pupil, title=title).first()
    if found is None:
        fields |= {"reason": "Нет диплома", "submitted_at": timezone.now() if state == "submitted" else None}
        found = make_achievement(pupil, state=state, title=title, origin=origin, **fields)
    return {"pk": found.pk}
