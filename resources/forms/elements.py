"""What a visitor types at the registry → clean values."""

from collections.abc import Iterable

from django import forms

from accounts.models import Position
from eios.lib.filter_form import FilterForm
from resources.models import Element
from resources.training import Topic


class ElementFilterForm(FilterForm):
    """Search and filters of the registry; a wrong value in the address is passed over, not an error."""

    q = forms.CharField(label="Поиск по реестру", required=False, max_length=200)
    component = forms.ChoiceField(
        label="Компонент", required=False, choices=[("", "Все компоненты"), *Element.Component.choices]
    )
    access = forms.ChoiceField(
        label="Доступ на платформе", required=False, choices=[("", "Любой доступ"), *Element.OutsideAccess.choices]
    )


class TrainedFilterForm(FilterForm):
    """Of which position the page of an element's training speaks; a wrong one is passed over."""

    position = forms.ChoiceField(label="Должность", required=False)

    def __init__(self, *args, positions: Iterable[Position], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["position"].choices = [("", "Любая должность"), *[(str(one.pk), str(one)) for one in positions]]


class TopicsForm(forms.Form):
    """Topics of trainings that prepare for an element."""

    topics = forms.MultipleChoiceField(
        label="Обучение, которое готовит к работе с этим элементом", required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Список обучения изменился: отметьте темы заново."},
    )  # fmt: skip

    def __init__(self, *args, topics: Iterable[Topic], **kwargs):
        super().__init__(*args, **kwargs)
        topics = list(topics)
        self.fields["topics"].choices = [(one.title, one.label) for one in topics]
        self.initial["topics"] = [one.title for one in topics if one.tied]
