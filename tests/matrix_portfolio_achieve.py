"""Objects of the pages of achievements, for the matrix of pages and people."""

from accounts.models import User
from eios.lib.dates import start_of_day, today
from portfolio.models import Achievement
from tests.portfolio.factories import make_achievement

OF_ENTRY = (
    "achievement_detail", "achievement_change", "achievement_submit", "achievement_take_back", "achievement_renew",
    "achievement_remove", "achievement_same", "queue_detail", "queue_confirm", "queue_return",
)  # fmt: skip


def achievement_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The pupil's entry in every state and a record; one of the pupil of 8 «Б» that waits; both pupils' lists."""
    pupil, other = people["pupil"], people["other_pupil"]
    entries = {state: _entry(pupil, state) for state in ("draft", "submitted", "returned", "confirmed")}
    entries |= {"record": _entry(pupil, "confirmed", origin="record", source="СГО")}
    entries |= {"other": _entry(other, "submitted")}
    of_entry = {name: {"pk": pk} for name, pk in entries.items()} | {"none": {}}
    return {
        **{f"portfolio:{page}": of_entry for page in OF_ENTRY},
        "portfolio:pupil_achievement_list": {"own": {"pk": pupil.pk}, "other": {"pk": other.pk}, "none": {}},
    }


def _entry(pupil: User, state: str, origin: str = "pupil", **fields) -> int:
    """What one who may has moved on or taken away is there again for the next one who asks."""
    title = f"Запись матрицы: {state}, {origin}"
    found = Achievement.objects.filter(pupil=pupil, title=title).first()
    if found is None:
        found = make_achievement(pupil, state=state, title=title, origin=origin, reason="Нет подтверждения", **fields)
    Achievement.objects.filter(replaces=found).delete()
    Achievement.objects.filter(pk=found.pk).update(
        state=state, submitted_at=start_of_day(today()) if state == "submitted" else None, reason="Нет подтверждения"
    )
    return found.pk
