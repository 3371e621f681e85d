"""Subgroups: making, renaming, distributing pupils by days (1.3 b)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.views.posting import is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import books, load, subgroups
from journal.actions import subgroups as actions
from journal.forms.rules import DistributeForm, SubgroupForm
from journal.models import Subgroup
from journal.views.asking import keeper, year_asked

FORM_METHODS = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def subgroup_list(request: HttpRequest) -> HttpResponse:
    """Subgroups of the year with how many pupils each has."""
    keeper(request)
    years = books.years()
    year = books.year_chosen(years, request.GET.get("year", ""), today())
    rows = subgroups.listed(year, load.day_in(year, today()))
    return render(request, "journal/subgroup_list.html", {"years": years, "year": year, "rows": rows})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def subgroup_add(request: HttpRequest) -> HttpResponse:
    """A new subgroup, with a gradebook of its own."""
    keeper(request)
    return _edit(request, Subgroup(), "journal/subgroup_add.html")


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def subgroup_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name."""
    keeper(request)
    return _edit(request, _subgroup(pk), "journal/subgroup_change.html")


def _edit(request: HttpRequest, row: Subgroup, template: str) -> HttpResponse:
    year = row.school_class.year if row.pk else year_asked(request)
    name = str(row) if row.pk else ""
    form = SubgroupForm(request.POST if request.method == "POST" else None, instance=row, year=year)

    def save(by: Actor) -> Subgroup:
        return actions.save_subgroup(row, by=by, seen=form.cleaned_data["seen"])

    if is_taken(request, form, save, lambda made: f"{made}: записано."):
        return redirect("journal:subgroup_distribute", row.pk)
    return render(request, template, {"form": form, "subgroup": row, "name": name})


@requires("gradebooks")
@require_http_methods(FORM_METHODS)
def subgroup_distribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Which pupil of the class is in which subgroup of the subject, from what day on."""
    keeper(request)
    row = _subgroup(pk)
    school_class = row.school_class
    day = load.day_in(school_class.year, today())
    groups, pupils = subgroups.siblings(row), subgroups.pupils_of(school_class, day)
    form = DistributeForm(
        request.POST if request.method == "POST" else None, pupils=pupils, groups=groups,
        now=subgroups.membership(groups, day), initial={"starts": day},
    )  # fmt: skip

    def distribute(by: Actor) -> int:
        return actions.distribute(school_class, row.subject, form.asked(), form.cleaned_data["starts"], by=by)

    if is_taken(request, form, distribute, _told):
        return redirect("journal:subgroup_list")
    context = {"form": form, "subgroup": row, "groups": groups}
    return render(request, "journal/subgroup_distribute.html", context)


def _told(count: int) -> str:
    return (
        f"Распределено: {count} {russian.plural(count, 'человек', 'человека', 'человек')}." if count else "Всё уже так."
    )


def _subgroup(pk: int) -> Subgroup:
    return get_object_or_404(Subgroup.objects.select_related("school_class__year", "subject"), pk=pk)
