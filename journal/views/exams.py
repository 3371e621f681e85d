"""State exams (ОГЭ): results by class, typed or loaded from a file (1.3 b)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AcademicYear, SchoolClass
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from journal import rights
from journal.actions import exams as actions
from journal.attestation import exams
from journal.forms.exams import ExamConfirmForm, ExamFileForm, ExamForm, WhichExamForm
from journal.models import StateExam
from journal.views.attestation import chosen_year

GET_POST = ["GET", "HEAD", "POST"]


@requires("gradebooks")
@require_safe
def exam_list(request: HttpRequest) -> HttpResponse:
    """Classes with state exams that one sees whole."""
    year = chosen_year(request)
    classes = rights.classes_seen(request.user, exams.classes(year)) if year else []
    context = {
        "year": year,
        "years": AcademicYear.objects.all(),
        "classes": classes,
        "manages": rights.manages(request.user),
    }
    return render(request, "journal/exam_list.html", context)


@requires("gradebooks")
@require_safe
def exam_class(request: HttpRequest, pk: int) -> HttpResponse:
    """Every pupil of the class with the results."""
    school_class = _class(request, pk)
    people = exams.pupils_of(school_class, today())
    results = exams.results_of(school_class, people)
    context = {
        "school_class": school_class,
        "rows": [(one, results[one.pk]) for one in people],
        "form": WhichExamForm(),
        "manages": rights.manages(request.user),
    }
    return render(request, "journal/exam_class.html", context)


@requires("gradebooks")
@require_http_methods(GET_POST)
def exam_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Results of one exam, whose subject and day stand in the address."""
    school_class = _class(request, pk)
    _managers_only(request)
    which = WhichExamForm(request.GET)
    if not which.is_valid():
        messages.warning(request, "Выберите предмет и день экзамена.")
        return redirect("journal:exam_class", pk)
    exam = which.cleaned_data
    people = exams.pupils_of(school_class, today())
    rows = StateExam.objects.filter(subject=exam["subject"], date=exam["date"], pupil__in=people)
    there = {one.pupil_id: one for one in rows}
    data = request.POST if request.method == "POST" else None
    form = ExamForm(data, pupils=people, there=there, initial={"seen": actions.mark_of(there.values())})
    if is_taken(
        request, form,
        lambda by: actions.enter_exams(
            school_class, exam["subject"], exam["date"], form.wanted, is_retake=exam["is_retake"],
            seen=form.cleaned_data["seen"], by=by,
        ),
        lambda count: f"Сохранено, изменений — {count}." if count else "Всё как было.",
    ):  # fmt: skip
        return redirect("journal:exam_class", pk)
    return render(request, "journal/exam_enter.html", {"school_class": school_class, "exam": exam, "form": form})


@requires("gradebooks")
@require_http_methods(GET_POST)
def exam_import(request: HttpRequest) -> HttpResponse:
    """A file of the year's results: read and shown; nothing is written until it is confirmed."""
    _managers_only(request)
    year = chosen_year(request)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form, context = ExamFileForm(*given), {}
    if year and request.method == "POST" and form.is_valid():
        plan = exams.plan_of(form.rows, year)
        confirm = ExamConfirmForm(initial={"rows": ExamConfirmForm.sealed(plan.rows)})
        context = {"plan": plan, "confirm": confirm, "file_name": form.cleaned_data["file"].name}
    return render(request, "journal/exam_import.html", {"form": form, "year": year, **context})


@requires("gradebooks")
@require_POST
def exam_import_confirm(request: HttpRequest) -> HttpResponse:
    """Writes the rows that were shown."""
    _managers_only(request)
    year = chosen_year(request)
    form = ExamConfirmForm(request.POST)
    if not form.is_valid() or not year:
        messages.warning(request, "Загрузите файл ещё раз.")
        return redirect("journal:exam_import")
    is_done(
        request, lambda by: actions.load_exams(form.cleaned_data["rows"], year, by=by),
        lambda count: f"Файл загружен, изменений — {count}." if count else "Изменений нет: всё уже внесено.",
    )  # fmt: skip
    return redirect("journal:exam_list")


def _class(request: HttpRequest, pk: int) -> SchoolClass:
    seen = rights.classes_seen(request.user, SchoolClass.objects.select_related("year"))
    return get_object_or_404(seen, pk=pk, grade__in=exams.GRADES)


def _managers_only(request: HttpRequest) -> None:
    if not rights.manages(request.user):
        raise Http404
