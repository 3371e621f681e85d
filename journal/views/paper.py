"""A gradebook as the paper journal has it: on screen, printed, as PDF; the whole class at once (1.3 b)."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.models import Job, SchoolClass, StoredFile
from accounts.views.posting import is_taken
from eios.lib import russian
from eios.lib.access import requires
from eios.lib.dates import today
from journal import paper, paper_cells, paper_layout, rights
from journal.actions import paper as actions
from journal.forms.gradebooks import PeriodForm
from journal.forms.paper import ClassPaperForm
from journal.models import Gradebook
from journal.periods import periods_of_class
from journal.sheets import printing
from journal.sheets.content import fingerprint
from journal.views.sheets import pdf_file


@requires("gradebooks")
@require_safe
def gradebook_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """All pages of a period, one below another; each is a sheet when printed."""
    book, content = _content(request, pk)
    parts = paper_layout.parts_of(content)
    context = {
        "book": book,
        "content": content,
        "number": content["period_number"],
        "periods": periods_of_class(book.school_class),
        "spreads": [paper_cells.spread(content, part) for part in parts],
        "remarks": paper_cells.remarks(content),
        "foot": paper.foot_of(content, timezone.now(), fingerprint(content)),
    }
    return render(request, "journal/gradebook_paper.html", context)


@requires("gradebooks")
@require_safe
def gradebook_paper_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same pages as PDF."""
    book, content = _content(request, pk)
    now = timezone.now()
    made = printing.gradebook(content, foot=paper.foot_of(content, now, fingerprint(content)), made_at=now)
    return pdf_file(made, f"Журнал {book}, {content['period']} {russian.short_date(today())}".replace("/", "-"))


def _content(request: HttpRequest, pk: int) -> tuple[Gradebook, dict]:
    seen = rights.gradebooks_seen(request.user, today()).listed().select_related("programme")
    book = get_object_or_404(seen, pk=pk)
    return book, paper.content_of(book, PeriodForm(request.GET).number(), request.school, today())


@requires("gradebooks")
@require_http_methods(["GET", "HEAD", "POST"])
def class_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Starts the long work: all gradebooks of a class in one PDF."""
    school_class = _class(request, pk)
    periods = periods_of_class(school_class)
    books = paper.of_class(request.user, school_class, today())
    form = ClassPaperForm(request.POST if request.method == "POST" else None, periods=periods)
    jobs: list[Job] = []

    def start(by: Actor) -> None:
        jobs.append(actions.start_class(school_class, form.cleaned_data["period"], by=by))

    if is_taken(request, form, start):
        return redirect(jobs[0])
    context = {
        "form": form,
        "school_class": school_class,
        "books": books,
        "title": f"Журнал класса {school_class.name}",
    }
    return render(request, "journal/paper_class.html", context)


@requires("gradebooks")
@require_safe
def class_paper_ready(request: HttpRequest, pk: int) -> HttpResponse:
    job, school_class, file = _made(request, pk)
    context = {"job": job, "school_class": school_class, "file": file, "parts": job.params["parts"]}
    return render(request, "journal/paper_class_ready.html", context)


@requires("gradebooks")
@require_safe
def class_paper_pdf(request: HttpRequest, pk: int) -> FileResponse:
    """The finished PDF, as long as the clean-up has left it."""
    _, _, file = _made(request, pk)
    if file is None or not file.is_ready:
        raise Http404
    return FileResponse(open(settings.MEDIA_ROOT / file.path, "rb"), as_attachment=True, filename=file.name)


def _made(request: HttpRequest, pk: int) -> tuple[Job, SchoolClass, StoredFile | None]:
    """One's own finished work, of a class that one still sees."""
    job = get_object_or_404(Job, pk=pk, kind=actions.JOB, created_by=request.user, state=Job.State.DONE)
    school_class = _class(request, job.params["class"])
    return job, school_class, StoredFile.objects.filter(kind=actions.FILE, pk=job.params["file"]).first()


def _class(request: HttpRequest, pk: int) -> SchoolClass:
    return get_object_or_404(rights.classes_seen(request.user).select_related("year"), pk=pk)
