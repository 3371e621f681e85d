"""What the portal says to machines that read it: feeds, a sitemap, robots.txt. All of it as a guest sees it."""

import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import SchoolCard
from eios.lib.access import public, requires
from eios.lib.conditional import shared_page
from eios.lib.dates import start_of_day, today
from eios.lib.text import for_xml
from resources import crawling, documents
from resources.asker import Asker
from resources.models import Edition, News

IN_FEED = 30


class _SchoolFeed(Feed):
    """RSS 2.0 of the school; subclasses say what is in it."""

    language = "ru"
    what = about = page = own = ""

    def get_object(self, request: HttpRequest) -> SchoolCard:
        return request.school

    def title(self, school: SchoolCard) -> str:
        return for_xml(f"{self.what} — {school.portal_name}")

    def description(self, school: SchoolCard) -> str:
        return for_xml(f"{self.about}: {school.full_name}")

    def link(self) -> str:
        return reverse(self.page)

    def feed_url(self) -> str:
        return reverse(self.own)


class NewsFeed(_SchoolFeed):
    what, about = "Новости", "Новости школы"
    page, own = "resources:news_list", "resources:news_rss"

    def items(self):
        return News.objects.public(timezone.now()).defer("text")[:IN_FEED]

    def item_title(self, item: News) -> str:
        return for_xml(item.title)

    def item_description(self, item: News) -> str:
        return for_xml(item.lead)

    def item_link(self, item: News) -> str:
        return reverse("resources:news_detail", args=[item.pk])

    def item_pubdate(self, item: News) -> datetime.datetime:
        return item.published_from


class DocumentsFeed(_SchoolFeed):
    """Editions by the day on which each came into force; those that are yet to come are not told."""

    what, about = "Документы", "Локальные акты в действующих редакциях"
    page, own = "resources:document_list", "resources:document_rss"

    def items(self):
        return (
            documents.in_force(today()).select_related("document", "order").order_by("-in_force_from", "-pk")[:IN_FEED]
        )

    def item_title(self, edition: Edition) -> str:
        return for_xml(edition.document.heading)

    def item_description(self, edition: Edition) -> str:
        words = f"Редакция № {edition.number}, действует с {edition.in_force_from:%d.%m.%Y}."
        return for_xml(f"{words} {edition.approval}".strip())

    def item_link(self, edition: Edition) -> str:
        return reverse("resources:document_detail", args=[edition.document_id])

    # The address stays when the edition changes: readers of feeds know what is new by this.
    item_guid_is_permalink = False

    def item_guid(self, edition: Edition) -> str:
        return f"{self.item_link(edition)}#{edition.number}"

    def item_pubdate(self, edition: Edition) -> datetime.datetime:
        return start_of_day(edition.in_force_from)


@requires("news")
@require_safe
@shared_page
def news_rss(request: HttpRequest) -> HttpResponse:
    """The newest items that have appeared."""
    return NewsFeed()(request)


@requires("documents")
@require_safe
@shared_page
def document_rss(request: HttpRequest) -> HttpResponse:
    """Documents by the day of their edition in force."""
    return DocumentsFeed()(request)


@public
@require_safe
@shared_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """Addresses of everything that a guest may open; the same for everybody."""
    guest = Asker(None, school=request.school)
    context = {"entries": crawling.entries(guest)}
    return render(request, "resources/sitemap.xml", context, content_type="application/xml; charset=utf-8")


@public
@require_safe
@shared_page
def robots(request: HttpRequest) -> HttpResponse:
    """Where machines need not knock, and where the sitemap is."""
    closed = crawling.closed_paths(Asker(None, school=request.school))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('resources:sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
