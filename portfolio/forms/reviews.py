"""A review with its points, an answer, a reason, a rubric with its criteria → clean values."""

from django import forms
from django.forms import formset_factory

from portfolio.models import Criterion, Review, Rubric


class ReviewForm(forms.Form):
    """Text, mark, and a field of points for each criterion of the rubric, if one is chosen."""

    text = forms.CharField(
        label="Рецензия", required=False, max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "true"}),
        help_text="Что удалось, что можно улучшить. Пишите так, как сказали бы автору сами.",
    )  # fmt: skip
    mark = forms.TypedChoiceField(
        label="Отметка", required=False, coerce=int, empty_value=None,
        choices=[("", "без отметки"), *((one, str(one)) for one in (5, 4, 3, 2))],
    )  # fmt: skip

    def __init__(self, *args, rubric: Rubric | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.criteria = list(rubric.criteria.all()) if rubric else []
        for one in self.criteria:
            self.fields[_name(one)] = forms.IntegerField(
                label=f"{one.title}, от 0 до {one.most}", required=False, min_value=0, max_value=one.most,
                help_text=one.about,
            )  # fmt: skip

    @property
    def points_fields(self) -> list:
        return [self[_name(one)] for one in self.criteria]

    @property
    def points(self) -> dict[Criterion, int]:
        """Of criteria to which points were given."""
        given = {one: self.cleaned_data.get(_name(one)) for one in self.criteria}
        return {one: number for one, number in given.items() if number is not None}

    def clean(self):
        values = super().clean()
        if self.criteria and not self.errors and 0 < len(self.points) < len(self.criteria):
            raise forms.ValidationError("Поставьте баллы по всем критериям или ни по одному.")
        return values


def _name(criterion: Criterion) -> str:
    return f"points-{criterion.pk}"


class AnswerForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 4, "spellcheck": "true"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Почему", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class TickedForm(forms.Form):
    """Reviews that were ticked, among those that wait for the person."""

    reviews = forms.ModelMultipleChoiceField(None, error_messages={"required": "Отметьте хотя бы одну рецензию."})

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reviews"].queryset = waiting


class RubricForm(forms.ModelForm):
    class Meta:
        model = Rubric
        fields = ["title", "subject", "kind"]
        help_texts = {"subject": "Пусто — для всех предметов.", "kind": "Пусто — для любых работ."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].empty_label = "для всех предметов"
        self.fields["kind"].choices = [("", "для любых работ"), *self.fields["kind"].choices[1:]]


class CriterionForm(forms.Form):
    title = forms.CharField(label="Критерий", max_length=200, required=False)
    about = forms.CharField(label="За что даются баллы", max_length=500, required=False)
    most = forms.IntegerField(label="Баллов не больше", min_value=1, max_value=100, initial=5, required=False)

    def has_changed(self) -> bool:
        """A new line is asked for by its title."""
        return bool({"title", "about"} & set(self.changed_data))

    def clean(self):
        values = super().clean()
        if self.has_changed() and values.get("about") and not values.get("title"):
            self.add_error("title", "Назовите критерий.")
        return values


CriterionFormSet = formset_factory(CriterionForm, extra=0, max_num=20, validate_max=True)


def criterion_forms(data, rubric: Rubric | None):
    """Lines that are there, and three for new ones; a line without a title goes."""
    held = list(rubric.criteria.all()) if rubric and rubric.pk else []
    initial = [{"title": one.title, "about": one.about, "most": one.most} for one in held]
    made = CriterionFormSet(data, initial=initial, prefix="criteria")
    made.extra = min(20 - len(initial), 3 if initial else 5)
    return made
