"""What the pages of batches show alike, whatever is loaded."""

from django.core.paginator import Paginator
from django.http import HttpRequest

from accounts.batches.outcomes import LOOKS, tally_of
from accounts.forms.batches import AnswersForm, ApplyForm, LinesFilterForm

LINES = 200


def preview(request: HttpRequest, plan, answers: type[AnswersForm]) -> dict:
    """The context of a plan that has not been applied: its lines, narrowed as the address says, questions, the form."""
    form = LinesFilterForm(request.GET)
    shown = form.values()["show"]
    lines = [line for line in plan.ordered if not shown or line.change.key == shown]
    page = Paginator(lines, LINES).get_page(request.GET.get("page"))
    page.rows = [(line, LOOKS[line.change]) for line in page]
    return {
        "plan": plan,
        "form": form,
        "filters": {"show": shown},
        "tally": tally_of(plan.counts),
        "page": page,
        "answers": answers(questions=plan.questions) if plan.questions else None,
        "apply": ApplyForm(initial={"seen": plan.mark}, has_errors=bool(plan.errors)),
    }
