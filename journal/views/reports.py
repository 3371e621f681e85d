"""Reports of the journal: quality, groups of a class, progress, attendance, anomalies; screen, print, XLSX (1.3 b)."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.forms.reports import PeriodForm
from accounts.models import AcademicYear, SchoolClass
from accounts.views.reports import xlsx
from eios.lib.access import requires
from eios.lib.dates import today
from journal.forms.reports import AnomalyForm, QualityForm, WhenForm, YearForm
from journal.reports import attendance, findings, groups, progress, quality, tables
from journal.reports.scope import Scope, opens_to
from journal.reports.terms import Chosen, chosen_of, results_there

PAGE_SIZE, EVERYTHING = 50, 100_000


@requires("gradebooks")
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """What there is to report, and the classes whose pages open to this person."""
    scope, context = _scope(request)
    return render(request, "journal/report_list.html", context | {"classes": list(scope.whole_classes.values())})


def _scope(request: HttpRequest) -> tuple[Scope, dict]:
    """The year of the address in the gradebooks of whoever asks; 404 where there is nothing to report to them."""
    if not opens_to(request.user, today()):
        raise Http404
    years = list(AcademicYear.objects.filter(starts__lte=today()))
    if not years:
        raise Http404
    wanted = YearForm(request.GET, years=years).values()["year"]
    year = next((one for one in years if str(one.starts.year) == wanted), years[0])
    scope = Scope(request.user, year, today())
    return scope, {"years": years, "year": year, "scope": scope}


def _class(scope: Scope, pk: int, *, whole: bool = True) -> SchoolClass:
    """A class of the scope, all of whose subjects are seen if that is asked; else 404."""
    found = (scope.whole_classes if whole else scope.classes).get(pk)
    if found is None:
        raise Http404
    return found


def _scope_of_class(request: HttpRequest, pk: int, *, whole: bool = True) -> tuple[Scope, SchoolClass]:
    """The class decides on the year."""
    school_class = get_object_or_404(SchoolClass.objects.select_related("year"), pk=pk)
    scope = Scope(request.user, school_class.year, today())
    return scope, _class(scope, pk, whole=whole)


# Quality


@dataclass(frozen=True)
class _Quality:
    """What the address of the report says, and the report."""

    form: QualityForm
    filters: dict
    chosen: Chosen | None
    by: str
    report: quality.Report | None


def _quality(request: HttpRequest, scope: Scope) -> _Quality:
    there = results_there(scope.days)
    subjects = {one.subject_id: one.subject for one in scope.books.values()}
    ordered = sorted(subjects.values(), key=lambda one: one.name)
    form = QualityForm(request.GET, there=there, classes=scope.classes.values(), subjects=ordered)
    filters = form.values()
    chosen, by = chosen_of(there, filters["when"]), filters["by"] or "class"
    narrowed = {name: int(filters[name] or 0) for name in ("school_class", "subject")}
    report = quality.report(scope, chosen, by=by, **narrowed) if chosen else None
    return _Quality(form, filters, chosen, by, report)


@requires("gradebooks")
@require_safe
def report_quality(request: HttpRequest) -> HttpResponse:
    """Успеваемость, качество, СОУ by class, subject or teacher, beside the period before."""
    scope, context = _scope(request)
    asked = _quality(request, scope)
    context |= {"asked": asked, "report": asked.report, "groups": _groups(scope, asked)}
    return render(request, "journal/report_quality.html", context)


def _groups(scope: Scope, asked: _Quality) -> list[tuple[SchoolClass, groups.Groups]]:
    """Pupils by group of every class that is wholly seen; only beside classes, where no subject is chosen."""
    if asked.chosen is None or asked.by != "class" or asked.filters["subject"] or not scope.whole_classes:
        return []
    found, wanted = groups.tallies(scope, asked.chosen), asked.filters["school_class"]
    return [
        (one, groups.Groups.of(found[key].values()))
        for key, one in scope.whole_classes.items()
        if key in found and wanted in ("", str(key))
    ]


@requires("gradebooks")
@require_safe
def report_quality_export(request: HttpRequest) -> HttpResponse:
    """The same as XLSX."""
    scope, _ = _scope(request)
    asked = _quality(request, scope)
    if asked.report is None:
        raise Http404
    content = tables.quality_table(scope, asked.chosen, asked.by, asked.report, _groups(scope, asked), request.school)
    return xlsx(content, f"Качество знаний {asked.chosen.title}")


# A class: groups of pupils, subjects


@dataclass(frozen=True)
class _ClassReport:
    there: list[Chosen]
    chosen: Chosen | None
    subjects: quality.Report | None
    named: list
    groups: groups.Groups | None


def _class_report(request: HttpRequest, scope: Scope, school_class: SchoolClass) -> _ClassReport:
    there = results_there(scope.days)
    chosen = chosen_of(there, WhenForm(request.GET, there=there).values()["when"])
    if chosen is None:
        return _ClassReport(there, None, None, [], None)
    found = groups.tallies(scope, chosen).get(school_class.pk, {})
    named = groups.named(scope.pupils_of(school_class), found)
    subjects = quality.report(scope, chosen, by="subject", school_class=school_class.pk)
    return _ClassReport(there, chosen, subjects, named, groups.Groups.of(found.values()))


@requires("gradebooks")
@require_safe
def report_class(request: HttpRequest, pk: int) -> HttpResponse:
    """Отличники, хорошисты, с одной «3», неуспевающие of a class by name, and its subjects."""
    scope, school_class = _scope_of_class(request, pk)
    context = {"school_class": school_class, "asked": _class_report(request, scope, school_class)}
    return render(request, "journal/report_class.html", context)


@requires("gradebooks")
@require_safe
def report_class_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as XLSX."""
    scope, school_class = _scope_of_class(request, pk)
    asked = _class_report(request, scope, school_class)
    if asked.chosen is None:
        raise Http404
    content = tables.class_table(school_class, asked.chosen, asked.named, asked.subjects, request.school)
    return xlsx(content, f"Успеваемость {school_class.grade}{school_class.letter} {asked.chosen.title}")


# A pupil


def _pupil(request: HttpRequest, pk: int) -> tuple[progress.Progress, dict]:
    """Others' pupils are not there; a subject's teacher gets the own subjects alone."""
    pupil = get_object_or_404(progress.pupils_seen(request.user, today()), pk=pk)
    years = progress.years_of(pupil)
    wanted = YearForm(request.GET, years=years).values()["year"]
    year = next((one for one in years if str(one.starts.year) == wanted), years[0] if years else None)
    if year is None:
        raise Http404
    whole = progress.is_whole(request.user, pupil, today())
    return progress.progress(request.user, pupil, year, today()), {"years": years, "year": year, "is_whole": whole}


@requires("gradebooks")
@require_safe
def report_pupil(request: HttpRequest, pk: int) -> HttpResponse:
    """Results of a pupil by subject and period, the mean of every period, missed lessons."""
    report, context = _pupil(request, pk)
    context |= {"report": report, "pupil": report.pupil, "reasons": attendance.REASONS}
    return render(request, "journal/report_pupil.html", context)


@requires("gradebooks")
@require_safe
def report_pupil_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as XLSX."""
    report, context = _pupil(request, pk)
    content = tables.pupil_table(report, context["year"], context["is_whole"], request.school)
    return xlsx(content, f"Успеваемость {report.pupil.surname} {report.pupil.name} {context['year'].starts.year}")


# Attendance


def _days(request: HttpRequest, scope: Scope) -> tuple[PeriodForm, list]:
    """Days of the address, within the year; terms that have begun, to choose from."""
    last = min(scope.date, scope.year.ends)
    form = PeriodForm(request.GET, usual=(scope.year.starts, last))
    terms = [(one.name, one.starts, one.ends) for one in scope.days.longest if one.starts <= last]
    return form, [("Весь год", scope.year.starts, last), *terms]


@requires("gradebooks")
@require_safe
def report_attendance(request: HttpRequest) -> HttpResponse:
    """Missed lessons of every class, by reason where the person may see reasons."""
    scope, context = _scope(request)
    form, periods = _days(request, scope)
    report = attendance.by_class(scope, *form.days())
    context |= {"form": form, "periods": periods, "report": report, "reasons": attendance.REASONS}
    return render(request, "journal/report_attendance.html", context)


@requires("gradebooks")
@require_safe
def report_attendance_export(request: HttpRequest) -> HttpResponse:
    """The same as XLSX."""
    scope, _ = _scope(request)
    report = attendance.by_class(scope, *_days(request, scope)[0].days())
    return xlsx(tables.attendance_table(report, "по классам", request.school), "Посещаемость по классам")


@requires("gradebooks")
@require_safe
def report_attendance_class(request: HttpRequest, pk: int) -> HttpResponse:
    """Missed lessons of every pupil of a class."""
    scope, school_class = _scope_of_class(request, pk, whole=False)
    form, periods = _days(request, scope)
    report = attendance.of_class(scope, school_class, *form.days())
    context = {
        "school_class": school_class, "form": form, "periods": periods, "report": report,
        "reasons": attendance.REASONS, "is_part": school_class.pk not in scope.whole_classes,
    }  # fmt: skip
    return render(request, "journal/report_attendance_class.html", context)


@requires("gradebooks")
@require_safe
def report_attendance_class_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as XLSX."""
    scope, school_class = _scope_of_class(request, pk, whole=False)
    report = attendance.of_class(scope, school_class, *_days(request, scope)[0].days())
    content = tables.attendance_table(report, f"{school_class.name}, {school_class.year}", request.school)
    return xlsx(content, f"Посещаемость {school_class.grade}{school_class.letter}")


# Anomalies


def _anomalies(request: HttpRequest, scope: Scope) -> tuple[AnomalyForm, dict, str, list[findings.Finding]]:
    """The form, its values, the term's name, and what was found of all kinds in the chosen class."""
    terms = [(one.number, one.name) for one in scope.days.longest if one.starts <= scope.date]
    form = AnomalyForm(request.GET, terms=terms, classes=scope.classes.values())
    filters = form.values()
    usual = findings.usual_term(scope)
    number = int(filters["term"] or usual)
    filters["term"] = str(number)
    found = findings.look(scope, number) if number else []
    if filters["school_class"]:
        found = [one for one in found if str(one.book.school_class_id) == filters["school_class"]]
    return form, filters, dict(terms).get(number, ""), found


@requires("gradebooks")
@require_safe
def report_anomalies(request: HttpRequest) -> HttpResponse:
    """What in the gradebooks of a term asks for a second look."""
    scope, context = _scope(request)
    form, filters, term, found = _anomalies(request, scope)
    shown = _of_kind(found, filters["kind"])
    page = Paginator(shown, EVERYTHING if filters["whole"] else PAGE_SIZE).get_page(request.GET.get("page"))
    rows = tables.anomaly_rows(scope, list(page))
    context |= {
        "form": form, "filters": filters, "term": term, "kinds": findings.counted(found), "total": len(found),
        "page": page, "rows": rows,
    }  # fmt: skip
    return render(request, "journal/report_anomalies.html", context)


@requires("gradebooks")
@require_safe
def report_anomalies_export(request: HttpRequest) -> HttpResponse:
    """The same as XLSX, all of it."""
    scope, _ = _scope(request)
    _, filters, term, found = _anomalies(request, scope)
    content = tables.anomaly_table(scope, term, _of_kind(found, filters["kind"]), request.school)
    return xlsx(content, f"Что проверить в журналах {term}".strip())


def _of_kind(found: list[findings.Finding], kind: str) -> list[findings.Finding]:
    return [one for one in found if one.kind.value == kind] if kind else found
