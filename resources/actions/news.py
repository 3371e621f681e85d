"""The verbs of news: written as a draft, published at a moment, withdrawn (1.4)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actions import files
from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from accounts.models import SchoolCard
from resources.file_owners import NEWS_PICTURE
from resources.models import News

State = News.State
STALE = "Пока вы правили, новость изменил кто-то другой. Откройте её ещё раз: ваш текст остался в этой форме."


@transaction.atomic
def add_news(item: News, picture, *, by: Actor) -> News:
    """A new draft; nobody but those who write sees it. `picture` is what a StoredFileField gave.

    Effects: the picture on the quota of who writes; audit. Raises ValidationError, FileRefused.
    """
    item.made_by, item.state = by.person, State.DRAFT
    item.picture = _picture(item, picture, by)
    return save_row(item, by=by)


@transaction.atomic
def change_news(item: News, picture, *, seen: str, by: Actor) -> News:
    """Corrects an item, whatever its state; `seen` is the version that the editor had before the eyes.

    Effects: a new picture stored, a replaced one left to the clean-up of files; public pages of a published item;
    audit. Raises ValidationError: changed by another meanwhile, a picture without words; FileRefused.
    """
    if _locked(item).version != seen:
        raise ValidationError(STALE)
    item.picture = _picture(item, picture, by)
    if item.state == State.PUBLISHED:
        item.published_from = item.published_from or timezone.now()
    saved = save_row(item, by=by)
    _tell(saved)
    return saved


@transaction.atomic
def publish_news(item: News, *, by: Actor) -> News:
    """Everybody reads it: at once, or from its moment on. A second time changes nothing.

    Effects: the moment, where none was given; public pages; audit. Raises ValidationError.
    """
    row = _locked(item)
    if row.state != State.PUBLISHED:
        _move(row, State.PUBLISHED, "news.published", by)
    return row


@transaction.atomic
def withdraw_news(item: News, *, by: Actor) -> News:
    """Nobody but those who write reads it any more; it can be published again. Audited.

    Raises ValidationError: it is not published.
    """
    row = _locked(item)
    if row.state != State.PUBLISHED:
        raise ValidationError("Новость не опубликована: снимать нечего.")
    _move(row, State.WITHDRAWN, "news.withdrawn", by)
    return row


def _move(row: News, state: str, action: str, by: Actor) -> None:
    before = audit.snapshot(row, ("state", "published_from"))
    row.state = state
    if state == State.PUBLISHED:
        row.published_from = row.published_from or timezone.now()
    row.full_clean()
    row.save()
    audit.record(by, action, row, audit.difference(before, audit.snapshot(row, ("state", "published_from"))))
    _tell(row)


def _locked(item: News) -> News:
    return News.objects.select_for_update().get(pk=item.pk)


def _picture(item: News, wanted, by: Actor):
    return files.settle(item.picture, wanted, kind=NEWS_PICTURE, by=by, owner=by.person)


def _tell(row: News) -> None:
    """Guests see published items, and what was published until now."""
    if row.state != State.DRAFT:
        SchoolCard.touch_public()
