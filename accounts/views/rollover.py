"""The wizard of the change of the year, step by step; each step may be repeated."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import rollover as actions
from accounts.actor import Actor
from accounts.forms.rollover import ClassesForm, DecisionsForm, StartForm, TermsForm
from accounts.models import Rollover, SchoolClass
from accounts.rollover import checks, classes, drafts, overview
from accounts.rollover.pupils import Preview, mark_of
from accounts.views.posting import is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today


@requires("rollover")
@require_safe
def rollover_list(request: HttpRequest) -> HttpResponse:
    """Rollovers that were begun, newest first, and the year from which one may begin."""
    years = overview.years_to_begin(today())
    context = {
        "rollovers": Rollover.objects.select_related("year", "next_year"),
        "starts": [_start_form(one) for one in years],
        "has_years": bool(years),
    }
    return render(request, "accounts/rollover_list.html", context)


def _start_form(begin: overview.Begin) -> dict:
    initial = {"year": begin.year.pk, "starts": begin.starts, "ends": begin.ends}
    return {"begin": begin, "form": StartForm(initial=initial, years=[begin.year], prefix=None)}


@requires("rollover")
@require_POST
def rollover_start(request: HttpRequest) -> HttpResponse:
    """Opens the next year, where it is not there yet, and begins."""
    form = StartForm(request.POST, years=[one.year for one in overview.years_to_begin(today())])
    if not form.is_valid():
        messages.warning(request, "Переход с этого года уже начат или ещё не может начаться.")
        return redirect("accounts:rollover_list")
    try:
        row = actions.start(form.chosen, **form.days, by=Actor.of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("accounts:rollover_list")
    return redirect("accounts:rollover_classes", row.pk)


@requires("rollover")
@require_safe
def rollover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the rollover stands: every step with its state, every order with what it waits for."""
    rollover = _rollover(pk)
    preview = Preview(rollover, today())
    counts, progress = overview.check_counts(checks.run(preview)), overview.progress(preview)
    context = {
        "rollover": rollover,
        "preview": preview,
        "checks": counts,
        "progress": progress,
        "step": overview.current_step(preview, counts, progress),
        "orders": overview.orders_of(rollover),
    }
    return render(request, "accounts/rollover_detail.html", context)


@requires("rollover")
@require_http_methods(["GET", "HEAD", "POST"])
def rollover_classes(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 1: the classes of the next year, proposed from this year's."""
    rollover = _rollover(pk)
    preview = Preview(rollover, today())
    initial = {"new": ", ".join(classes.first_classes(preview))}
    form = ClassesForm(request.POST or None, going_on=classes.proposals(preview), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.set_classes(rollover, form.names, form.new_names, by=Actor.of(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = russian.plural(count, "класс", "класса", "классов")
            messages.success(request, f"Открыто: {count} {words}." if count else "Новых классов нет: все уже открыты.")
            return redirect("accounts:rollover_checks", pk)
    context = {"rollover": rollover, "preview": preview, "form": form}
    return render(request, "accounts/rollover_classes.html", context)


@requires("rollover")
@require_safe
def rollover_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: what should be mended before the orders; every finding leads to where it is mended."""
    rollover = _rollover(pk)
    found = checks.run(Preview(rollover, today()))
    context = {
        "rollover": rollover,
        "checks": [check for check in found if check.findings],
        "passed": [check for check in found if not check.findings],
        "counts": overview.check_counts(found),
    }
    return render(request, "accounts/rollover_checks.html", context)


@requires("rollover")
@require_safe
def rollover_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3: how the year ends for every class."""
    rollover = _rollover(pk)
    preview = Preview(rollover, today())
    context = {"rollover": rollover, "preview": preview, "progress": overview.progress(preview)}
    return render(request, "accounts/rollover_preview.html", context)


@requires("rollover")
@require_http_methods(["GET", "HEAD", "POST"])
def rollover_class(request: HttpRequest, pk: int, class_pk: int) -> HttpResponse:
    """Step 3 for one class: the outcome of the year for every pupil."""
    rollover = _rollover(pk)
    school_class = get_object_or_404(SchoolClass, pk=class_pk, year=rollover.year_id)
    preview = Preview(rollover, today(), school_class)
    form = _decisions(request, preview, school_class)
    if request.method == "POST" and form.is_valid() and _decide(request, rollover, school_class, form):
        following = overview.following_class(preview, school_class)
        if following is None:
            return redirect("accounts:rollover_preview", pk)
        return redirect("accounts:rollover_class", pk, following.pk)
    context = {
        "rollover": rollover,
        "school_class": school_class,
        "preview": preview,
        "form": form,
        "following": overview.following_class(preview, school_class),
    }
    return render(request, "accounts/rollover_class.html", context)


def _decisions(request: HttpRequest, preview: Preview, school_class: SchoolClass) -> DecisionsForm:
    data = request.POST if request.method == "POST" else None
    return DecisionsForm(data, preview=preview, school_class=school_class, initial={"seen": mark_of(preview.rows)})


def _decide(request: HttpRequest, rollover: Rollover, school_class: SchoolClass, form: DecisionsForm) -> bool:
    seen = form.cleaned_data["seen"]
    try:
        count = actions.decide(rollover, school_class, form.choices, seen=seen, by=Actor.of(request))
    except ValidationError as error:
        form.add_error(None, error)
        return False
    words = f"{school_class}: сохранено, изменений — {count}." if count else f"{school_class}: всё как было."
    messages.success(request, words)
    return True


@requires("rollover")
@require_http_methods(["GET", "HEAD", "POST"])
def rollover_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """When the orders work and what they rest on."""
    rollover = _rollover(pk)
    form = TermsForm(request.POST or None, initial=vars(rollover))
    if is_taken(
        request,
        form,
        lambda by: actions.change_terms(rollover, by=by, **form.cleaned_data),
        "Даты и основание сохранены. Черновики изменятся, когда вы составите их заново.",
    ):
        return redirect("accounts:rollover_orders", pk)
    return render(request, "accounts/rollover_terms.html", {"rollover": rollover, "form": form})


@requires("rollover")
@require_http_methods(["GET", "HEAD", "POST"])
def rollover_orders(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 4: drafts of the orders, made of the decisions; made anew where decisions have changed."""
    rollover = _rollover(pk)
    if request.method == "POST":
        _draft(request, rollover)
        return redirect("accounts:rollover_orders", pk)
    preview = Preview(rollover, today())
    context = {
        "rollover": rollover,
        "progress": overview.progress(preview),
        "wanted": overview.wanted(preview, drafts.wanted_lines(preview)),
        "orders": overview.orders_of(rollover),
    }
    return render(request, "accounts/rollover_orders.html", context)


def _draft(request: HttpRequest, rollover: Rollover) -> None:
    try:
        found = actions.draft_orders(rollover, by=Actor.of(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    changed = [one for one in found if one.is_changed]
    if not changed:
        messages.success(request, "Черновики уже такие: ничего не изменилось.")
        return
    added, removed = sum(one.added for one in changed), sum(one.removed for one in changed)
    messages.success(request, f"Черновики составлены: пунктов добавлено {added}, убрано {removed}.")


def _rollover(pk: int) -> Rollover:
    return get_object_or_404(Rollover.objects.select_related("year", "next_year"), pk=pk)
