"""Telling a family of what others have written into its portfolio (11.1)."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.urls import reverse

from accounts.actions.notifications import notify
from accounts.actor import Actor
from accounts.models import Relation, User
from eios.lib import russian
from eios.lib.dates import today
from portfolio.models import Achievement, Origin
from portfolio.notification_kinds import ENTERED

WHENCE = {Origin.STAFF: "Внесено школой", Origin.RECORD: "Загружено из системы учёта"}


def tell_entered(rows: Sequence[Achievement], *, deed: str, by: Actor) -> None:
    """Of new entries of one origin that a pupil has not made: the pupil and the parents hear once, however many.

    `deed` names what was done («event:7:120», «batch:5»). Queries are as many for one pupil as for a school.
    """
    if not rows:
        return
    titles, origin = {row.title for row in rows}, Origin(rows[0].origin)
    title = f"«{titles.pop()}»" if len(titles) == 1 else ""
    key, whence = f"achievements-entered:{deed}", WHENCE[origin]
    url = f"{reverse('portfolio:achievement_list')}?origin={origin}"
    for words, pupils in _by_words(rows, title).items():
        notify(
            User.objects.filter(pk__in=pupils), ENTERED, key=key, by=by, letter="entered",
            text=f"{whence} в ваше портфолио: {words}.", url=url,
        )  # fmt: skip
    children = {row.pupil_id for row in rows}
    parents = Relation.objects.living(today()).filter(pupil__in=children).values("parent")
    notify(
        User.objects.filter(pk__in=parents), ENTERED, key=key, by=by, letter="entered",
        text=f"{whence} в портфолио ребёнка: {title or 'новые достижения'}.", url=reverse("portfolio:child_list"),
    )  # fmt: skip


def _by_words(rows: Sequence[Achievement], title: str) -> dict[str, list[int]]:
    """What is said of the entries → pupils. A title that is not everybody's is not named: one event for each count."""
    found = defaultdict(list)
    for pupil, count in Counter(row.pupil_id for row in rows).items():
        words = f"{count} {russian.plural(count, 'достижение', 'достижения', 'достижений')}"
        found[title if title and count == 1 else words].append(pupil)
    return found
