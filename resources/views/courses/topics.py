"""Which programmes and topics a course serves: its relevance (1.6), said by its authors."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from eios.lib.access import requires
from resources.actions.courses import drafts
from resources.asker import asker_of
from resources.courses import topics as reads
from resources.forms.courses.complexes import ChooseProgrammesForm, TopicsForm
from resources.models import Programme
from resources.views.courses.shared import FORM_METHODS, allowed, at_desk, desk_page


@requires("course-desk")
@require_http_methods(FORM_METHODS)
def desk_course_topics(request: HttpRequest, pk: int) -> HttpResponse:
    """Programmes are chosen in the address, the current year's first; then topics are ticked among theirs."""
    course = allowed(request, pk, "write") if request.method == "POST" else at_desk(request, pk)
    linkable = Programme.objects.approved()
    chooser = ChooseProgrammesForm(request.GET, queryset=linkable)
    filters = chooser.values()
    chosen = reads.chosen(course, filters["programmes"], is_asked="programmes" in request.GET or "q" in request.GET)
    initial = {"seen": drafts.links_mark(course)}
    form = TopicsForm(request.POST if request.method == "POST" else None, queryset=linkable, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            drafts.link_topics(
                course, values["programmes"], values["topics"], seen=values["seen"], by=Actor.of(request)
            )  # fmt: skip
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, "Сохранено.")
            return redirect("resources:desk_course_topics", pk)
    if form.is_bound:
        chosen = reads.with_topics(form.typed("programmes"))
    context = {
        "chooser": chooser,
        "filters": filters,
        "chosen": chosen,
        "found": reads.found(filters["q"], chosen, course, asker_of(request).date),
        "form": form,
        "ticked": reads.ticked(course, form.typed("topics") if form.is_bound else None),
    }
    return desk_page(request, course, "desk_course_topics", "resources/course_topics.html", context)
