"""News of the school: for everybody to read, for those who fill the section to write (1.4)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_done, is_taken
from eios.lib.access import CONTRIBUTE, requires
from eios.lib.conditional import shared_page
from resources import news
from resources.actions import news as actions
from resources.asker import asker_of
from resources.forms.news import NewsFilterForm, NewsForm
from resources.models import News

FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE, HIDDEN_PAGE = 12, 30


@requires("news")
@require_safe
@shared_page
def news_list(request: HttpRequest) -> HttpResponse:
    """What has appeared, newest first, by pages and years."""
    year = NewsFilterForm(request.GET).values()["year"]
    page = Paginator(news.listed(year), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "year": year,
        "years": news.years(),
        "own_path": _own_path(request.path, year, page.number),
        "may_write": news.may_write(asker_of(request)),
    }
    return render(request, "resources/news_list.html", context)


@requires("news")
@require_safe
@shared_page
def news_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One item; drafts and those to come only for those who write."""
    asker = asker_of(request)
    item = get_object_or_404(news.readable(asker), pk=pk)
    context = {"item": item, "row": news.row(item), "may_write": news.may_write(asker)}
    return render(request, "resources/news_detail.html", context)


@requires("news", to=CONTRIBUTE)
@require_safe
def news_drafts(request: HttpRequest) -> HttpResponse:
    """What others do not see: drafts, those that wait for their hour, withdrawn ones."""
    page = Paginator(news.hidden(), HIDDEN_PAGE).get_page(request.GET.get("page"))
    rows = [news.row(item) for item in page]
    return render(request, "resources/news_drafts.html", {"page": page, "rows": rows})


@requires("news", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def news_add(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    form = _form(request, News())
    if _is_saved(request, form, _add):
        messages.success(request, "Черновик сохранён. Прочитайте, как он выглядит, и опубликуйте.")
        return redirect("resources:news_detail", form.instance.pk)
    return render(request, "resources/news_add.html", {"form": form})


@requires("news", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def news_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects an item; of a published one readers see the correction at once."""
    item = _item(pk)
    form = _form(request, _item(pk))
    if _is_saved(request, form, _change):
        messages.success(request, "Сохранено.")
        return redirect("resources:news_detail", pk)
    return render(request, "resources/news_change.html", {"form": form, "item": item})


@requires("news", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def news_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, then everybody reads it."""
    item = _item(pk)
    context = {
        "title": "Опубликовать новость",
        "question": f"«{item.title}»",
        "effects": ["Новость прочтут все, кому открыт раздел, и получат подписчики RSS.", news.moment_words(item)],
        "button": "Опубликовать",
    }
    return _confirmed(request, item, actions.publish_news, "Новость опубликована.", context)


@requires("news", to=CONTRIBUTE)
@require_http_methods(FORM_METHODS)
def news_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, then nobody but those who write reads it."""
    item = _item(pk)
    context = {
        "title": "Снять новость с публикации",
        "question": f"«{item.title}»",
        "effects": ["Новость исчезнет с главной, из списка, из RSS и карты сайта.", "Её можно опубликовать снова."],
        "button": "Снять с публикации",
        "danger": True,
    }
    return _confirmed(request, item, actions.withdraw_news, "Новость снята с публикации.", context)


def _item(pk: int) -> News:
    return get_object_or_404(News.objects.select_related("picture"), pk=pk)


def _form(request: HttpRequest, item: News) -> NewsForm:
    return NewsForm(*((request.POST, request.FILES) if request.method == "POST" else ()), instance=item)


def _add(form: NewsForm, by: Actor) -> None:
    actions.add_news(form.instance, form.cleaned_data["picture_file"], by=by)


def _change(form: NewsForm, by: Actor) -> None:
    actions.change_news(form.instance, form.cleaned_data["picture_file"], seen=form.cleaned_data["seen"], by=by)


def _is_saved(request: HttpRequest, form: NewsForm, act) -> bool:
    return is_taken(request, form, lambda by: act(form, by), upload="picture_file")


def _confirmed(request: HttpRequest, item: News, act, done: str, context: dict) -> HttpResponse:
    page = reverse("resources:news_detail", args=[item.pk])
    if request.method != "POST":
        return render(request, "resources/news_confirm.html", {"item": item, "back_url": page, **context})
    is_done(request, lambda by: act(item, by=by), done)
    return redirect(page)


def _own_path(path: str, year: int | None, number: int) -> str:
    """The address of the list without what means nothing to it."""
    query = {name: value for name, value in (("year", year), ("page", number if number > 1 else None)) if value}
    return f"{path}?{urlencode(query)}" if query else path
