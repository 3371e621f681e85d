"""Rubrics with their criteria, and the rules of the portfolio."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from accounts.forms.seen import SeenMixin
from portfolio.models import Criterion, PortfolioRules, Rubric, Work

MOST, SPARE = 20, 4


class RubricForm(SeenMixin, forms.ModelForm):
    class Meta:
        model = Rubric
        fields = ["title", "subject", "kind"]
        help_texts = {
            "title": "Исследовательский проект; сочинение по литературе.",
            "subject": "Пусто — подходит к любому предмету.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = self.fields["subject"].queryset.order_by("name")
        self.fields["subject"].empty_label = "любой предмет"
        self.fields["kind"].choices = [("", "любая работа"), *Work.Kind.choices]


class CriterionForm(forms.Form):
    """A line; without a title it is no line."""

    title = forms.CharField(label="Критерий", required=False, max_length=200)
    about = forms.CharField(label="За что даются баллы", required=False, max_length=500)
    most = forms.IntegerField(
        label="Баллов не больше", required=False, validators=[MinValueValidator(1), MaxValueValidator(100)],
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 100}),
    )  # fmt: skip

    def clean(self):
        values = super().clean()
        if values.get("title") and not values.get("most") and "most" not in self.errors:
            self.add_error("most", "Укажите наибольший балл.")
        if not values.get("title") and (values.get("about") or values.get("most")) and "title" not in self.errors:
            self.add_error("title", "Назовите критерий или очистите строку.")
        return values


_CriterionFormSet = forms.formset_factory(CriterionForm, extra=SPARE, max_num=MOST, absolute_max=MOST)


def criterion_forms(data, rubric: Rubric):
    """The rubric's lines as forms, with a few empty ones."""
    names = ("title", "about", "most")
    held = rubric.criteria.all() if rubric.pk else ()
    initial = [{name: getattr(one, name) for name in names} for one in held]
    made = _CriterionFormSet(data, initial=initial, prefix="criterion")
    # A line that nobody touched is a line all the same.
    for one in made.forms:
        one.empty_permitted = False
    return made


def lines_of(forms_of_lines) -> list[Criterion]:
    """Unsaved criteria in the order of the form; of valid forms."""
    rows = [one.cleaned_data for one in forms_of_lines]
    return [Criterion(**row) for row in rows if row.get("title")]


class RulesForm(SeenMixin, forms.ModelForm):
    """What the school switches on; each switch says in words what it opens."""

    class Meta:
        model = PortfolioRules
        fields = ["outsiders_review", "invitation_days", "share_days", "has_rating", "pupils_see_rating"]
        help_texts = {
            "outsiders_review": "Автор и работники смогут послать человеку без учётной записи личную ссылку на одну "
            "версию работы. Рецензия по ней одна и публикуется после проверки. Выключите — и ссылки сразу перестанут "
            "открываться, опубликованные рецензии останутся.",
            "invitation_days": "Для новых приглашений, от 1 до 90.",
            "share_days": "Столько дней предлагается, когда обучающийся показывает портфолио по ссылке; от 1 до 365.",
            "has_rating": "Классные руководители и руководство увидят баллы и места по таблице баллов. Поимённые "
            "списки никогда не показываются всем.",
            "pupils_see_rating": "Обучающийся увидит свои баллы и своё место, чужих имён — никогда.",
        }
