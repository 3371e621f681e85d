"""What pages that show a portfolio ask for: addresses of files by the page's own door, names as seen."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import StoredFile
from eios.lib import text
from portfolio import sharing
from portfolio.content import WorkShown, amount
from portfolio.models import Review, Share

register = template.Library()


@register.simple_tag(takes_context=True)
def file_address(context, file: StoredFile) -> str:
    """Of a page by a secret link, under that link; else where the file itself stands."""
    code = context.get("code")
    return reverse("portfolio:show_file", args=[code, file.key]) if code else file.url


@register.simple_tag(takes_context=True)
def signed(context, review: Review) -> str:
    """Who reviewed. By a secret link no pupil is named but the portfolio's own."""
    role = review.get_capacity_display()
    if review.capacity == Review.Capacity.PUPIL and context.get("code"):
        return role.capitalize()
    if review.reviewer_id is None:
        return review.author_words
    return f"{review.reviewer.get_full_name()}, {role}"


@register.simple_tag(takes_context=True)
def authors_of(context, shown: WorkShown) -> str:
    """All authors; by a secret link only that there are others."""
    if not context.get("code"):
        return shown.author_words
    is_alone = len(shown.authors) == 1 and not shown.work.other_authors
    return f"{context['pupil'].get_full_name()}{'' if is_alone else ' с соавторами'}"


@register.filter
def is_picture(file: StoredFile) -> bool:
    return file.is_ready and file.media_type in ("image/png", "image/jpeg", "image/webp")


@register.filter
def drawn(markdown: str) -> SafeString:
    return text.html_of(markdown)


@register.filter
def to_whom(share: Share) -> str:
    return sharing.to_words(share)


@register.filter
def amount_of(share: Share) -> str:
    """How much a listed share shows."""
    return amount(share.of_achievements, share.of_works)
