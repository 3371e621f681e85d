"""What is typed into the search of the portal → clean values."""

from django import forms

from eios.lib.filter_form import FilterForm
from resources.search.sources import SEARCH_SOURCES
from resources.search.words import MAX_QUERY


class SearchForm(FilterForm):
    """The question and the kind of what is looked for; a wrong kind is passed over, an endless question is cut."""

    q = forms.CharField(label="Поиск по порталу", required=False)
    kind = forms.ChoiceField(label="Где искать", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = {source.kind: source.title for _, source in reversed(list(SEARCH_SOURCES.items()))}
        self.fields["kind"].choices = [("", "Всё"), *kinds.items()]

    def clean_q(self) -> str:
        return " ".join(self.cleaned_data["q"].split())[:MAX_QUERY]
