"""Works: the pupil's own, with versions; the same read by family, school and those to whom they were shown (1.3 d)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from portfolio import freezing, reviews, rights, works
from portfolio.actions import works as actions
from portfolio.forms.works import SealForm, VersionForm, WorkFilterForm, WorkForm
from portfolio.models import Work, WorkAuthor, WorkVersion

FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE = 30


@requires("portfolio")
@require_safe
def work_list(request: HttpRequest) -> HttpResponse:
    """The pupil's own, and those at which the pupil was named."""
    _refuse_others(request)
    page = Paginator(works.listed(works.own(request.user)), PAGE).get_page(request.GET.get("page"))
    context = {
        "pupil": request.user,
        "is_own": True,
        "may_write": not freezing.is_frozen(request.user),
        "asked": list(works.asked(request.user).select_related("owner")),
        "page": page,
    }
    return render(request, "portfolio/work_list.html", context)


@requires("portfolio")
@require_safe
def pupil_work_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A pupil's works for the parents, the class teacher and the management: submitted ones."""
    pupil = get_object_or_404(rights.pupils_seen(request.user, today()), pk=pk)
    rows = works.listed(works.of_pupil(pupil, request.user, today()))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "portfolio/work_list.html", {"pupil": pupil, "is_own": False, "page": page})


@requires("portfolio-desk")
@require_safe
def work_staff_list(request: HttpRequest) -> HttpResponse:
    """Submitted works that concern the employee."""
    form = WorkFilterForm(request.GET, date=today())
    filters = form.values()
    rows = works.chosen(works.of_pupils(request.user, today()), filters, today())
    page = Paginator(works.listed(rows.order_by("-submitted_at", "-pk")), PAGE).get_page(request.GET.get("page"))
    return render(request, "portfolio/work_staff_list.html", {"form": form, "filters": filters, "page": page})


@requires("portfolio")
@require_safe
def work_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The work with the version of the address, else the newest that the reader sees."""
    work = get_object_or_404(
        rights.works_seen(request.user, today()).select_related("subject", "mentor", "lesson", "owner"), pk=pk
    )
    versions = list(rights.versions_seen(request.user, today()).filter(work=work).order_by("-number"))
    version = _chosen(versions, request.GET.get("version", ""))
    shown = works.version_page(version) if version else None
    authors = list(work.authors.select_related("person", "work").order_by("pk"))
    own = next((one for one in authors if one.person_id == request.user.pk), None)
    context = {
        "work": work,
        "versions": versions,
        "shown": shown,
        "reviews": reviews.reviews_for(request.user, version, versions) if version else None,
        "authors": authors,
        "back": _back(request.user, work, authors, is_own=own is not None),
        "removable": _removable(work, authors, request.user, is_sealed=any(one.is_sealed for one in versions)),
        "own": own,
        "is_owner": work.owner_id == request.user.pk,
        "is_author": bool(own and own.agreed_at),
        "may_write": bool(own and own.agreed_at) and not freezing.is_frozen(work.owner),
        "open_version": next((one for one in versions if not one.is_sealed), None),
        "elsewhere": works.elsewhere(shown) if shown and request.user.is_employee else [],
    }
    return render(request, "portfolio/work_detail.html", context)


def _back(person: User, work: Work, authors: list[WorkAuthor], *, is_own: bool) -> tuple[str, str]:
    """(address, title) of the list that the person comes from."""
    if is_own:
        return reverse("portfolio:work_list"), "Работы"
    if work.is_submitted and person.is_parent:
        children = rights.family_of(person, today()).filter(pk__in=[one.person_id for one in authors if one.agreed_at])
        if child := children.first():
            return reverse("portfolio:pupil_work_list", args=[child.pk]), f"{child.surname} {child.name}: работы"
    if work.is_submitted and person.is_employee:
        return reverse("portfolio:work_staff_list"), "Работы учеников"
    return reverse("portfolio:shown_list"), "Показано мне"


def _removable(work: Work, authors: list[WorkAuthor], person: User, *, is_sealed: bool) -> list[int]:
    """Keys of co-authors whom the owner may still take away."""
    if work.owner_id != person.pk or freezing.is_frozen(work.owner):
        return []
    return [one.pk for one in authors if works.may_remove(one, is_sealed=is_sealed)]


def _chosen(versions: list[WorkVersion], number: str) -> WorkVersion | None:
    """A wrong number in the address shows the newest."""
    return next((one for one in versions if str(one.number) == number), None) or next(iter(versions), None)


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def work_add(request: HttpRequest) -> HttpResponse:
    """The card of a new work; its contents come next."""
    _refuse_others(request)
    if request.method != "POST" and freezing.is_frozen(request.user):
        messages.warning(request, freezing.FROZEN)
        return redirect("portfolio:work_list")
    form = WorkForm(_posted(request), pupil=request.user, date=today())
    if is_taken(request, form, lambda by: actions.add_work(form.instance, by=by), "Теперь добавьте текст или файлы."):
        return redirect("portfolio:version_change", form.instance.pk)
    return render(request, "portfolio/work_change.html", {"form": form})


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def work_change(request: HttpRequest, pk: int) -> HttpResponse:
    """The card; what is sealed stays."""
    work = _own(request, pk)
    title = work.title
    form = WorkForm(_posted(request), instance=work, pupil=request.user, date=today())

    def save(by) -> None:
        actions.change_card(form.instance, seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, save, "Сохранено."):
        return redirect("portfolio:work_detail", pk)
    return render(request, "portfolio/work_change.html", {"form": form, "work": work, "title": title})


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def work_remove(request: HttpRequest, pk: int) -> HttpResponse:
    work = _own(request, pk)
    if request.method == "POST":
        if is_done(request, lambda by: actions.remove(work, by=by), "Работа удалена."):
            return redirect("portfolio:work_list")
        return redirect("portfolio:work_detail", pk)
    context = {
        "title": "Удалить работу",
        "question": f"«{work.title}».",
        "effects": ["Текст, файлы и ссылки пропадут: восстановить их нельзя."],
        "button": "Удалить",
        "danger": True,
        "back_url": "../",
    }
    return render(request, "ui/confirm.html", context)


# Versions


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def version_change(request: HttpRequest, pk: int) -> HttpResponse:
    """The open version, by any of its authors; where none is open, the page of the work says how to begin one."""
    work, version = _open(request, pk)
    if version is None:
        messages.warning(request, actions.SEALED)
        return redirect("portfolio:work_detail", pk)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = VersionForm(*data, instance=version)

    def save(by) -> None:
        asked = actions.Asked(
            uploads=form.cleaned_data["uploads"], links=form.cleaned_data["links"],
            dropped_files=form.dropped("dropped_files"), dropped_links=form.dropped("dropped_links"),
        )  # fmt: skip
        actions.save_version(form.instance, asked, seen=form.cleaned_data["seen"], by=by)

    if is_taken(request, form, save, "Сохранено. Эту версию видят только авторы.", upload="uploads"):
        return redirect("portfolio:work_detail", pk)
    return render(request, "portfolio/version_change.html", {"form": form, "work": work, "version": version})


@requires("portfolio")
@require_http_methods(FORM_METHODS)
def version_seal(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: it is for good."""
    work, version = _open(request, pk)
    if version is None:
        messages.warning(request, actions.SEALED)
        return redirect("portfolio:work_detail", pk)
    form = SealForm(_posted(request), initial={"seen": works.fingerprint_of(version)})
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        is_done(request, lambda by: actions.seal(version, seen=seen, by=by), f"Версия {version.number} закреплена.")
        return redirect("portfolio:work_detail", pk)
    context = {
        "form": form,
        "title": f"Закрепить версию {version.number}",
        "question": f"«{work.title}». {works.contents_words(version)}",
        "effects": [
            "Текст, файлы и ссылки этой версии больше не изменятся; у неё появятся дата и отпечаток.",
            "Её можно будет открыть для рецензий и показать другим.",
            "Исправить что-то позже можно следующей версией.",
        ],
        "button": "Закрепить",
        "back_url": "../",
    }
    return render(request, "ui/confirm.html", context)


@requires("portfolio")
@require_POST
def version_next(request: HttpRequest, pk: int) -> HttpResponse:
    work = _written(request, pk)
    if is_done(request, lambda by: actions.begin_next(work, by=by), "Новая версия начата: в ней всё из прежней."):
        return redirect("portfolio:version_change", pk)
    return redirect("portfolio:work_detail", pk)


@requires("portfolio")
@require_POST
def work_submit(request: HttpRequest, pk: int) -> HttpResponse:
    work = _own(request, pk)
    is_done(request, lambda by: actions.submit(work, by=by), "Работа открыта для рецензий.")
    return redirect("portfolio:work_detail", pk)


@requires("portfolio")
@require_POST
def work_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    work = _own(request, pk)
    is_done(request, lambda by: actions.take_back(work, by=by), "Работа закрыта от рецензий.")
    return redirect("portfolio:work_detail", pk)


def _refuse_others(request: HttpRequest) -> None:
    if not request.user.is_pupil:
        raise Http404


def _own(request: HttpRequest, pk: int) -> Work:
    return get_object_or_404(Work.objects.select_related("owner"), pk=pk, owner=request.user)


def _written(request: HttpRequest, pk: int) -> Work:
    return get_object_or_404(works.own(request.user).select_related("owner"), pk=pk)


def _open(request: HttpRequest, pk: int) -> tuple[Work, WorkVersion | None]:
    work = _written(request, pk)
    return work, work.versions.filter(sealed_at__isnull=True).first()


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None
