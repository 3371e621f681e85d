"""Work programmes as their authors, the ШМО and the deputy head move them (3.7, 6.1)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.marks import Stale
from accounts.models import AcademicYear
from accounts.views.posting import is_done, is_taken
from eios.lib.access import requires
from eios.lib.dates import today
from resources import plan_hours, programmes, topic_links
from resources.actions import programmes as actions
from resources.asker import Asker, asker_of
from resources.forms.programmes import (
    ApproveForm,
    ConsiderForm,
    ListsForm,
    PlanForm,
    ProgrammeForm,
    ReasonForm,
    SubmitForm,
    WorkFilterForm,
)
from resources.importing import thematic_plan
from resources.models import Programme
from resources.views.programmes import visible

FORM_METHODS = ["GET", "HEAD", "POST"]
PAGE = 50


@requires("cabinet")
@require_safe
def programme_mine(request: HttpRequest) -> HttpResponse:
    """What is not approved yet: one's own, the ШМО's, and all of them for those who run the section."""
    asker, form = _author(request), WorkFilterForm(request.GET)
    filters = form.values()
    context = {
        "form": form,
        "filters": filters,
        "page": Paginator(programmes.in_work(asker, filters["state"]), PAGE).get_page(request.GET.get("page")),
        "can_approve": programmes.runs(asker),
    }
    return render(request, "resources/programme_mine.html", context)


@requires("cabinet")
@require_http_methods(FORM_METHODS)
def programme_add(request: HttpRequest) -> HttpResponse:
    """A new draft; its author is who writes it."""
    asker = _author(request)
    draft = Programme(author=asker.person)
    groups = sorted(programmes.own_groups(asker.person))
    first = {"year": AcademicYear.objects.on(today()).first(), "method_group": groups[0] if groups else None}
    form = ProgrammeForm(*_posted(request), instance=draft, initial=first)
    if _is_saved(request, form):
        messages.success(request, "Черновик записан. Теперь — тематический план.")
        return redirect("resources:programme_plan", form.instance.pk)
    return render(request, "resources/programme_add.html", {"form": form})


@requires("cabinet")
@require_http_methods(FORM_METHODS)
def programme_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Texts, file and lists of a draft."""
    programme = _allowed(request, pk, "change")
    form = ProgrammeForm(*_posted(request), instance=programme)
    if _is_saved(request, form):
        messages.success(request, "Сохранено.")
        return redirect("resources:programme_detail", pk)
    return render(request, "resources/programme_change.html", {"form": form, "programme": programme})


@requires("cabinet")
@require_http_methods(FORM_METHODS)
def programme_lists(request: HttpRequest, pk: int) -> HttpResponse:
    """What the programme uses: platforms, outside resources, editions, databases (1.3 a, 3.7)."""
    programme = _allowed(request, pk, "change")
    form = ListsForm(_posted(request)[0], instance=programme)
    if request.method == "POST" and form.is_valid():
        values, left = form.cleaned_data, form.left()
        more = {"systems": values.pop("reference_systems"), "seen": values.pop("seen")}
        if is_done(request, lambda by: actions.set_lists(programme, values, **more, by=by), "Сохранено."):
            for sentence in left:
                messages.info(request, sentence)
            return redirect("resources:programme_detail", pk)
    return render(request, "resources/programme_lists.html", {"form": form, "programme": programme})


@requires("cabinet")
@require_http_methods(FORM_METHODS)
def programme_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The thematic plan of a draft: typed, pasted or loaded; nothing is recorded while a line is wrong.

    What a file held is shown first, with the links that were found, and recorded from there.
    """
    programme = _allowed(request, pk, "change")
    first = {"typed": thematic_plan.to_text(programme.topics.with_links())}
    form = PlanForm(*_posted(request), initial=first | {"seen": actions.plan_mark(programme)})
    if request.method == "POST" and form.is_valid():
        plan = form.cleaned_data["plan"]
        if form.cleaned_data["table"]:
            return _plan_preview(request, programme, form)
        seen, done = form.cleaned_data["seen"] or None, f"Тем в плане: {len(plan.lines)}."
        try:
            actions.set_plan(programme, plan, seen=seen, by=Actor.of(request))
        except Stale as stale:
            form.add_error(None, stale.messages)
            form.see_again(first["typed"])
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, done)
            return redirect("resources:programme_detail", pk)
    context = {"form": form, "programme": programme, "listed": topic_links.listed(programme)}
    context["plan_hours"] = plan_hours.of(programme)
    return render(request, "resources/programme_plan.html", context)


@requires("cabinet")
@require_POST
def programme_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """The author hands the draft to the ШМО; asked once more where its hours are not the curriculum's (6.2)."""
    programme = _allowed(request, pk, "change")
    form, done = SubmitForm(request.POST), "Программа отправлена на рассмотрение ШМО."
    seen = form.cleaned_data["hours"] if form.is_valid() else ""
    try:
        is_done(request, lambda by: actions.submit(programme, hours_seen=seen, by=by), done)
    except actions.HoursDiffer as doubt:
        return _hours_in_doubt(request, programme, doubt.hours)
    return redirect("resources:programme_detail", pk)


@requires("cabinet")
@require_http_methods(FORM_METHODS)
def programme_consider(request: HttpRequest, pk: int) -> HttpResponse:
    """The ШМО's protocol."""
    programme = _allowed(request, pk, "consider")
    form = ConsiderForm(_posted(request)[0])

    def act(by: Actor) -> None:
        actions.consider(programme, **form.cleaned_data, by=by)

    return _confirmed(request, programme, form, act, title="Рассмотрена ШМО", button="Записать", done="Записано.")


@requires("cabinet")
@require_http_methods(FORM_METHODS)
def programme_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The deputy head agrees."""
    programme = _allowed(request, pk, "agree")
    return _confirmed(
        request, programme, Form(_posted(request)[0]), lambda by: actions.agree(programme, by=by),
        title="Согласовать программу", button="Согласовать", done="Программа согласована.",
    )  # fmt: skip


@requires("cabinet")
@require_http_methods(FORM_METHODS)
def programme_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the author, with a reason."""
    programme = _allowed(request, pk, "send_back")
    form = ReasonForm(_posted(request)[0])

    def act(by: Actor) -> None:
        actions.send_back(programme, reason=form.cleaned_data["reason"], by=by)

    return _confirmed(
        request, programme, form, act, title="Вернуть автору", button="Вернуть", done="Программа возвращена автору."
    )


@requires("cabinet")
@require_http_methods(FORM_METHODS)
def programme_end(request: HttpRequest, pk: int) -> HttpResponse:
    """There will be none next year."""
    programme = _allowed(request, pk, "renew")
    form = ReasonForm(_posted(request)[0])

    def act(by: Actor) -> None:
        actions.end(programme, reason=form.cleaned_data["reason"], by=by)

    return _confirmed(
        request, programme, form, act,
        title="Не продлевать", button="Не продлевать", done="Записано: на следующий год программы не будет.",
    )  # fmt: skip


@requires("cabinet")
@require_http_methods(FORM_METHODS)
def programme_approve(request: HttpRequest) -> HttpResponse:
    """One order approves all the agreed programmes that are ticked."""
    if not programmes.runs(_author(request)):
        raise PermissionDenied
    form = ApproveForm(_posted(request)[0])
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done = f"Утверждено программ: {len(values['programmes'])}. Они открыты всем."
        if is_done(request, lambda by: actions.approve(values["programmes"], order=values["order"], by=by), done):
            return redirect("resources:programme_list")
    agreed = form.fields["programmes"].queryset
    return render(request, "resources/programme_approve.html", {"form": form, "has_any": agreed.exists()})


# --- what the pages share ---------------------------------------------------------------------------------------------


def _author(request: HttpRequest) -> Asker:
    """Whoever may write programmes. Raises PermissionDenied."""
    asker = asker_of(request)
    if not programmes.is_author(asker):
        raise PermissionDenied
    return asker


def _allowed(request: HttpRequest, pk: int, verb: str) -> Programme:
    """The programme, if the verb stands open to who asks. Raises Http404, PermissionDenied."""
    asker = asker_of(request)
    programme = visible(asker, pk)
    if not getattr(programmes.rights(asker, programme), verb):
        raise PermissionDenied
    return programme


def _posted(request: HttpRequest) -> tuple:
    """What a form is bound to: data and files of a post, nothing else."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _is_saved(request: HttpRequest, form: ProgrammeForm) -> bool:
    def save(by: Actor) -> None:
        values = form.cleaned_data
        actions.save_programme(form.instance, upload=values["upload"], seen=values["seen"], by=by)

    return is_taken(request, form, save, upload="upload")


def _plan_preview(request: HttpRequest, programme: Programme, form: PlanForm) -> HttpResponse:
    """What the file held, as it would be recorded: it stands in the form to be put right and sent."""
    typed = thematic_plan.lines_to_text(form.cleaned_data["plan"].lines)
    plan, lists = thematic_plan.from_text(typed), topic_links.Lists(programme)
    rows = [(line, lists.links(line.resources)) for line in plan.lines]
    context = {
        "programme": programme,
        "form": PlanForm(initial={"typed": typed, "seen": form.cleaned_data["seen"] or actions.plan_mark(programme)}),
        "file_name": form.cleaned_data["table"].name,
        "rows": rows,
        "linked": sum(bool(links.names) for _, links in rows),
        "noted": sum(bool(links.note) for _, links in rows),
        "plan_hours": plan_hours.of(programme, planned=plan.hours),
        "listed": topic_links.listed(programme),
    }
    return render(request, "resources/programme_plan.html", context)


def _hours_in_doubt(request: HttpRequest, programme: Programme, hours: plan_hours.PlanHours) -> HttpResponse:
    """The question before a programme is submitted with other hours than the curriculum's."""
    context = {
        "programme": programme,
        "form": SubmitForm(initial={"hours": hours.mark}),
        "title": "Часы не сходятся с учебным планом",
        "question": f"{programme}, {programme.year} учебный год. {hours.words}",
        "effects": ["ШМО и заместитель директора увидят программу с такими часами и эту разницу."],
        "button": "Всё равно отправить",
        "back_url": programme.get_absolute_url(),
    }
    return render(request, "resources/programme_confirm.html", context)


def _confirmed(request: HttpRequest, programme: Programme, form: Form, act, *, title, button, done) -> HttpResponse:
    """A page that asks once more, with its form; then the verb."""
    if request.method == "POST" and form.is_valid():
        try:
            act(Actor.of(request))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, done)
            return redirect("resources:programme_detail", programme.pk)
    context = {
        "programme": programme,
        "form": form,
        "title": title,
        "question": f"{programme}, {programme.year} учебный год. Автор: {programme.author.get_full_name()}.",
        "button": button,
        "back_url": programme.get_absolute_url(),
    }
    return render(request, "resources/programme_confirm.html", context)
