"""Interim attestation: the schedule of the school and of a class, results, what the family sees (1.3 b)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AcademicYear, SchoolClass
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from journal import rights
from journal.actions import attestation as actions
from journal.attestation import family, pupils, schedule
from journal.forms.attestation import AssessmentForm, ResultsForm, ScheduleForm, YearFilterForm
from journal.models import AcademicDebt, InterimAssessment

GET_POST = ["GET", "HEAD", "POST"]


def chosen_year(request: HttpRequest) -> AcademicYear | None:
    """The year of the address, else the one of today, else the last one."""
    year = YearFilterForm(request.GET).values()["year"]
    return year or AcademicYear.objects.on(today()).first() or AcademicYear.objects.first()


@requires("gradebooks")
@require_safe
def attestation_list(request: HttpRequest) -> HttpResponse:
    """The school's schedule: every class of the year."""
    year = chosen_year(request)
    lines = schedule.class_lines(year) if year else []
    context = {
        "year": year,
        "years": AcademicYear.objects.all(),
        "lines": [(line, schedule.when(line)) for line in lines],
    }
    return render(request, "journal/attestation_list.html", context)


@requires("gradebooks")
@require_safe
def attestation_class(request: HttpRequest, pk: int) -> HttpResponse:
    """The schedule of a class: form, day, commission and how many results are there."""
    school_class = _class(pk)
    manages = rights.manages(request.user)
    context = {
        "school_class": school_class,
        "lines": schedule.lines(school_class, request.user, today()),
        "days": schedule.days_for(school_class),
        "manages": manages,
        "lacking": schedule.lacking(school_class) if manages else [],
    }
    return render(request, "journal/attestation_class.html", context)


@requires("gradebooks")
@require_POST
def attestation_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Lines for the class by the approved curriculum."""
    school_class = _class(pk)
    _managers_only(request)
    is_done(request, lambda by: actions.make_schedule(school_class, by=by), lambda count: f"Добавлено строк: {count}.")
    return redirect("journal:attestation_class", pk)


@requires("gradebooks")
@require_http_methods(GET_POST)
def attestation_days(request: HttpRequest, pk: int) -> HttpResponse:
    """Forms and days of the whole class in one table."""
    school_class = _class(pk)
    _managers_only(request)
    data = request.POST if request.method == "POST" else None
    form = ScheduleForm(data, lines=schedule.lines(school_class, request.user, today()))
    if is_taken(
        request, form, lambda by: actions.set_days(school_class, form.wanted, by=by),
        lambda count: f"{school_class}: изменено строк — {count}.",
    ):  # fmt: skip
        return redirect("journal:attestation_class", pk)
    context = {"school_class": school_class, "form": form, "days": schedule.days_for(school_class)}
    return render(request, "journal/attestation_days.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def assessment_change(request: HttpRequest, pk: int) -> HttpResponse:
    """One line of the schedule: form, day, commission."""
    _managers_only(request)
    assessment = get_object_or_404(InterimAssessment.objects.listed(), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = AssessmentForm(data, assessment=assessment, people=pupils.employees(today()))
    if is_taken(
        request, form, lambda by: actions.change_assessment(assessment, **form.cleaned_data, by=by), "Сохранено."
    ):
        return redirect("journal:attestation_class", assessment.gradebook.school_class_id)
    return render(request, "journal/attestation_change.html", {"assessment": assessment, "form": form})


@requires("gradebooks")
@require_http_methods(GET_POST)
def assessment_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, then takes the line out of the schedule."""
    _managers_only(request)
    assessment = get_object_or_404(InterimAssessment.objects.listed(), pk=pk)
    school_class = assessment.gradebook.school_class_id
    if request.method == "POST":
        is_done(request, lambda by: actions.delete_assessment(assessment, by=by), "Строка убрана.")
        return redirect("journal:attestation_class", school_class)
    context = {
        "title": "Убрать из расписания аттестации",
        "question": f"{assessment}.",
        "effects": ["Строки с\N{NO-BREAK SPACE}этим предметом в\N{NO-BREAK SPACE}расписании класса больше не будет."],
        "button": "Убрать",
        "back_url": "../change/",
    }
    return render(request, "ui/confirm.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def assessment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Results of one attestation: entered by the subject's teacher or the deputy head, read by those who may."""
    assessment = get_object_or_404(schedule.seen_assessments(request.user, today()).listed(), pk=pk)
    may_enter = pupils.may_enter(request.user, assessment.gradebook, today())
    if request.method == "POST" and not may_enter:
        raise Http404
    results = {one.pupil_id: one for one in assessment.results.all()}
    people = pupils.pupils_of(assessment.gradebook, today(), also=results)
    form = _results_form(request, people, results)
    if is_taken(
        request, form, lambda by: actions.enter_results(assessment, form.codes, seen=form.cleaned_data["seen"], by=by),
        lambda count: f"Сохранено, изменений — {count}." if count else "Всё как было.",
    ):  # fmt: skip
        return redirect("journal:assessment_detail", pk)
    debts = {one.pupil_id: one for one in AcademicDebt.objects.filter(gradebook=assessment.gradebook)}
    context = {
        "assessment": assessment,
        "commission": assessment.commission.all(),
        "form": form,
        "rows": [(row, results.get(row.pupil.pk), debts.get(row.pupil.pk)) for row in form.lines()],
        "may_enter": may_enter and assessment.has_come(today()),
        "is_teachers": may_enter,
        "manages": rights.manages(request.user),
        "warning": schedule.warning_of(assessment.date, schedule.days_for(assessment.gradebook.school_class)),
    }
    return render(request, "journal/attestation_results.html", context)


def _results_form(request: HttpRequest, people: list, results: dict) -> ResultsForm:
    codes = {key: one.code for key, one in results.items()}
    data = request.POST if request.method == "POST" else None
    return ResultsForm(data, pupils=people, codes=codes, initial={"seen": actions.mark_of(results.values())})


@requires("journal")
@require_safe
def attestation_mine(request: HttpRequest) -> HttpResponse:
    """The family's own: the schedule of the class, results, debts and exams of the pupil or the children."""
    context = {"records": family.records(request.user, today())}
    return render(request, "journal/attestation_mine.html", context)


def _class(pk: int) -> SchoolClass:
    return get_object_or_404(SchoolClass.objects.select_related("year"), pk=pk)


def _managers_only(request: HttpRequest) -> None:
    if not rights.manages(request.user):
        raise Http404
