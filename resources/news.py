"""Who reads which news, and what their pages show (1.4). Reads only."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from eios.lib.access import OPEN
from resources import access, sections
from resources.asker import Asker
from resources.models import News

SECTION = "news"
STATES = {News.State.DRAFT: ("wait", "черновик"), News.State.WITHDRAWN: ("no", "снята с публикации")}


@dataclass(frozen=True)
class Row:
    """An item that only those who write see, and why."""

    item: News
    kind: str
    words: str


def may_write(asker: Asker) -> bool:
    return sections.may_contribute(asker, SECTION)


def may_read(asker: Asker, item: News) -> bool:
    """Everybody to whom the section opens, once the item has appeared; before that those who write."""
    opens = access.decide(asker, sections.by_slug(asker.school, SECTION), OPEN).allowed
    return opens and (item.is_public or may_write(asker))


def readable(asker: Asker) -> QuerySet[News]:
    """Items that the asker may open by their address; the section opens to the asker already."""
    rows = News.objects.select_related("picture")
    return rows.all() if may_write(asker) else rows.public(timezone.now())


def years() -> list[int]:
    """Years of which there is news, newest first, by the school's clock."""
    return [day.year for day in News.objects.public(timezone.now()).dates("published_from", "year", order="DESC")]


def listed(year: int | None) -> QuerySet[News]:
    """What everybody reads, of one year or of all; texts are not read."""
    rows = News.objects.public(timezone.now()).defer("text").select_related("picture")
    return rows.filter(published_from__year=year) if year else rows


def hidden() -> QuerySet[News]:
    """Drafts, those that wait for their hour, and withdrawn ones; the newest change first."""
    rows = News.objects.hidden(timezone.now()).defer("text").select_related("made_by")
    return rows.order_by("-changed_at", "-pk")


def row(item: News) -> Row:
    """The item with its state in a word."""
    if item.is_coming:
        return Row(item, "info", f"появится {_local(item)}")
    return Row(item, *STATES.get(item.state, ("ok", "опубликована")))


def moment_words(item: News) -> str:
    """When an item that is about to be published appears."""
    if item.published_from is None:
        return "Появится сразу."
    if item.published_from > timezone.now():
        return f"Появится сама {_local(item)}."
    return f"Появится сразу, с датой {_local(item)}."


def _local(item: News) -> str:
    return f"{timezone.localtime(item.published_from):%d.%m.%Y в %H:%M}"
