"""Home, cabinet and the small pages around them: they compose the apps."""

from dataclasses import asdict

from django.conf import settings
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_safe

from accounts import standing
from accounts.counters import waiting_for
from accounts.models import AgreementEdition, SchoolCard
from eios.lib import russian
from eios.lib.access import public, requires
from eios.lib.conditional import shared_page
from eios.lib.dates import today
from eios.lib.display import Display, DisplayForm
from resources import catalogue, newest, sections
from resources.asker import Asker, asker_of

# Sections that the home page shows in its own way.
ON_HOME = {"registry", "news"}


@public
@require_safe
@shared_page
def home(request: HttpRequest) -> HttpResponse:
    """The public face: the school, the components, what is open, whom to ask (1.4, 8.2)."""
    # The public face: what a guest may read, whoever looks.
    guest = Asker(None, school=request.school)
    with_news = sections.is_open(guest, "news")
    context = {
        "with_news": with_news,
        "open_sections": [one for one in sections.open_to(guest) if one.address and one.slug not in ON_HOME],
        "news": newest.newest(request.school) if with_news else [],
        "notice": request.school.home_notice,
        "contacts": whom_to_ask(request.school),
        **catalogue.for_home(request.school),
    }
    return render(request, "eios/home.html", context)


def whom_to_ask(school: SchoolCard) -> list[dict]:
    """Where to turn, without a name: a guest is told no names."""
    ways = " · ".join(filter(None, [school.phone, school.email, school.address]))
    return [
        {"title": "Логин и пароль обучающегося", "text": "Классный руководитель: выдаст листок с логином и паролем."},
        {"title": "Логин и пароль работника", "text": "Системный администратор школы."},
        {"title": "Как пользоваться порталом", "text": "Ответственный учитель информатики."},
        {"title": "Всё остальное", "text": ways or "Канцелярия школы."},
    ]


@requires("cabinet")
@require_safe
def cabinet(request: HttpRequest) -> HttpResponse:
    """The personal cabinet (6.3): what waits, my elements, my devices, my agreement."""
    date = today()
    context = {
        "greeting": request.user.get_short_name(),
        "today_line": f"{russian.weekday(date).capitalize()}, {russian.long_date(date)}",
        "statuses": standing.in_words(request.user),
        "waiting": waiting_for(request.user, date),
        "agreement": AgreementEdition.objects.current(date),
        **catalogue.for_cabinet(asker_of(request)),
    }
    return render(request, "eios/cabinet.html", context)


@public
@require_GET
def display(request: HttpRequest) -> HttpResponse:
    """Display settings; a link with a setting in it changes that one and returns to where it was followed."""
    current = Display.of(request)
    form = DisplayForm(request.GET)
    if not form.is_valid():
        return render(request, "eios/display.html", {"form": DisplayForm(initial=asdict(current))}, status=400)
    wanted = form.wanted()
    if not wanted:
        initial = {**asdict(current), "next": form.cleaned_data["next"]}
        return render(request, "eios/display.html", {"form": DisplayForm(initial=initial)})
    response = redirect(_safe_next(request, form.cleaned_data["next"]))
    current.changed(**wanted).remember(response, secure=settings.HTTPS)
    return response


def _safe_next(request: HttpRequest, target: str) -> str:
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target.startswith("/") and allowed else "/"


@public
@require_safe
@shared_page
def privacy(request: HttpRequest) -> HttpResponse:
    """The operator's policy of personal data (152-ФЗ)."""
    return render(request, "eios/privacy.html")


@public
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component of the look on one page, for those who build it; only in DEBUG."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "eios/gallery.html", {"form": DisplayForm()})


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up; asks nothing of the database."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers; 503 if not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("database", status=503, content_type="text/plain", headers={"Retry-After": "15"})
    return HttpResponse("ok", content_type="text/plain")
