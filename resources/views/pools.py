"""Pools of pseudonymous accounts at the desk: made, sent to the library, and each account by itself (10.6)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.reauthentication import ask_again
from accounts.views.posting import is_done
from eios.lib.access import requires
from eios.lib.russian import plural
from resources import desk, pool_files, pools
from resources.actions import credentials
from resources.actions import pools as actions
from resources.actions.requests import serve_waiting
from resources.asker import asker_of
from resources.forms.pools import (
    AccountFilterForm,
    CloseForm,
    ColumnFormSet,
    ExportForm,
    FreeForm,
    PoolForm,
    TakeBackForm,
)
from resources.models import Element, Pool, PoolAccount

PAGE = 100


@requires("desk")
@require_safe
def desk_pools(request: HttpRequest, slug: str) -> HttpResponse:
    """The element's pools with the number of accounts in each state."""
    element = library_of(request, slug)
    context = {"pools": pools.of_element(element), "free": pools.free(element)}
    return page(request, element, "resources/desk_pools.html", context)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def pool_add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new pool: logins and passwords are made at once."""
    element = library_of(request, slug)
    form = PoolForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            pool = actions.make_pool(
                form.pool(element), number=data["number"], numbering=data["numbering"], by=Actor.of(request)
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            words = plural(data["number"], "учётная запись", "учётные записи", "учётных записей")
            messages.success(request, f"Партия готова: {data['number']} {words}. Теперь передайте файл библиотеке.")
            return redirect("resources:pool_detail", slug, pool.pk)
    return page(request, element, "resources/pool_add.html", {"form": form})


@requires("desk")
@require_safe
def pool_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every account of the pool: its state, and who holds it."""
    element, pool = pool_of(request, slug, pk)
    form = AccountFilterForm(request.GET)
    filters = form.values()
    found = pools.accounts_of(pool, state=filters["state"], query=filters["q"])
    context = {
        "pool": pool,
        "form": form,
        "filters": filters,
        "tallies": pools.tallies(pool.accounts.all()),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "answers": pools.answers_of(pool),
    }
    return page(request, element, "resources/pool_detail.html", context)


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def pool_columns(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Which columns the library wants, and in which order."""
    element, pool = pool_of(request, slug, pk)
    formset = ColumnFormSet(request.POST if request.method == "POST" else None, initial=pool.columns, prefix="column")
    if request.method == "POST" and formset.is_valid():
        actions.save_columns(pool, formset.columns(), by=Actor.of(request))
        messages.success(request, "Столбцы файла сохранены.")
        return redirect("resources:pool_export", slug, pk)
    return page(request, element, "resources/pool_columns.html", {"pool": pool, "formset": formset})


@requires("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def pool_export(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The file for the library, with logins and passwords and without names; accounts become sent."""
    element, pool = pool_of(request, slug, pk)
    ask_again(request)
    form = ExportForm(request.POST if request.method == "POST" else None, initial={"format": pool_files.XLSX})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["format"]
        try:
            content = actions.export(pool, chosen, by=Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            return _file(content, f"{pool.name}.{pool_files.ending(chosen)}", pool_files.media_type(chosen))
    waiting = pool.accounts.filter(state__in=(PoolAccount.State.MADE, PoolAccount.State.SENT)).count()
    context = {"pool": pool, "form": form, "waiting": waiting}
    return page(request, element, "resources/pool_export.html", context)


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    header = content_disposition_header(True, name)
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": header})


# One account


@requires("desk")
@require_safe
def pool_account(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The account for one pseudonymous login: who held it from when till when, returned, closed."""
    element, account = _account_of(request, slug, pk)
    return _account_page(request, element, account)


@requires("desk")
@require_http_methods(["POST"])
def pool_account_return(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Takes the account back from the one who holds it."""
    element, account = _account_of(request, slug, pk)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        held = get_object_or_404(pools.holders(account).standing())
        return _act(
            request, element, account, form, "Учётная запись возвращена.",
            lambda by: credentials.end(held, form.cleaned_data["reason"], by=by),
        )  # fmt: skip
    return _account_page(request, element, account, taking=form)


@requires("desk")
@sensitive_post_parameters("password")
@require_http_methods(["POST"])
def pool_account_free(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Makes a returned account free, with the new password; who waits for one by a request gets it."""
    element, account = _account_of(request, slug, pk)
    form = FreeForm(request.POST)
    if form.is_valid():
        return _act(
            request, element, account, form, "Учётная запись снова свободна.",
            lambda by: _free(element, account, form.cleaned_data["password"], by),
        )  # fmt: skip
    return _account_page(request, element, account, freeing=form)


def _free(element: Element, account: PoolAccount, password: str, by: Actor) -> None:
    """Free again, and at once given to who has waited for it."""
    actions.make_free(account, password, by=by)
    serve_waiting(element, by=by)


@requires("desk")
@require_http_methods(["POST"])
def pool_account_close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Notes that the library has closed the account."""
    element, account = _account_of(request, slug, pk)
    form = CloseForm(request.POST)
    if form.is_valid():
        return _act(
            request, element, account, form, "Учётная запись закрыта.",
            lambda by: actions.close(account, by=by, basis=form.cleaned_data["reason"]),
        )  # fmt: skip
    return _account_page(request, element, account, closing=form)


def _act(request: HttpRequest, element: Element, account: PoolAccount, form, done: str, act) -> HttpResponse:
    """Does it and says so, or says why not."""
    is_done(request, act, done)
    return redirect("resources:pool_account", element.slug, account.pk)


def _account_page(request: HttpRequest, element: Element, account: PoolAccount, **forms) -> HttpResponse:
    context = {
        "pool": account.pool,
        "account": account,
        "look": pools.look_of(account.state),
        "holders": pools.holders(account),
        "history": pools.changes(account, asker_of(request)),
        "taking": forms.get("taking") or TakeBackForm(),
        "freeing": forms.get("freeing") or FreeForm(),
        "closing": forms.get("closing") or CloseForm(),
        "can_take_back": account.state == PoolAccount.State.GIVEN,
        "can_free": account.state == PoolAccount.State.RETURNED,
        "can_close": account.state in pools.CLOSABLE,
    }
    return page(request, element, "resources/pool_account.html", context)


# Shared by the pages of pools


def library_of(request: HttpRequest, slug: str) -> Element:
    """The library of this slug that the person administers. Raises Http404."""
    element = desk.element_of(request, slug)
    if not element.is_library:
        raise Http404
    return element


def pool_of(request: HttpRequest, slug: str, pk: int) -> tuple[Element, Pool]:
    """The element and its own pool. Raises Http404."""
    element = library_of(request, slug)
    return element, get_object_or_404(Pool.objects.filter(element=element), pk=pk)


def _account_of(request: HttpRequest, slug: str, pk: int) -> tuple[Element, PoolAccount]:
    element = library_of(request, slug)
    found = PoolAccount.objects.filter(pool__element=element).select_related("pool")
    return element, get_object_or_404(found, pk=pk)


def page(request: HttpRequest, element: Element, template: str, context: dict) -> HttpResponse:
    """A page of the desk under the tab of pools."""
    context |= {"element": element, "tabs": desk.tabs(element, "desk_pools")}
    return render(request, template, context)
