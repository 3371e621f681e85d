"""The search over everything that the person may open."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eios.lib.access import public
from resources.asker import asker_of
from resources.forms.search import SearchForm
from resources.search import spelling, words
from resources.search.finding import Results


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Hits with marked words, filters by kind with their counts, and what was perhaps meant. Same for all, filled
    by what opens to each: closed rows are in no count and no suggestion.
    """
    asker = asker_of(request)
    form = SearchForm(request.GET)
    filters = form.values()
    results = Results(asker, words.parse(filters["q"]), filters["kind"])
    context = {
        "form": form,
        "filters": filters,
        "can_be_searched": bool(results.query),
        "kinds": results.kinds,
        "total": results.total,
        "page": results.page(request.GET.get("page")),
        "suggestion": spelling.suggestion(asker, filters["q"]) if results.query and not results.total else "",
    }
    return render(request, "resources/search.html", context)
