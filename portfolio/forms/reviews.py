"""Reviews: the form by a rubric, of an invited outsider too; moderation, revoking, the author's answer."""

from django import forms
from django.core import signing

from portfolio.models import Criterion, Rubric
from portfolio.reviews import Draft

MARKS = [("", "без отметки"), *((str(one), str(one)) for one in (5, 4, 3, 2))]
# A person reads before writing; a program posts at once.
LEAST_SECONDS = 5


class ReviewForm(forms.Form):
    """Points by the criteria of the chosen rubric, words, a mark if wished; at least one of them."""

    text = forms.CharField(
        label="Рецензия", required=False, max_length=8000,
        help_text="Что удалось, что можно улучшить. Пишите автору, а не о нём.",
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "true"}),
    )  # fmt: skip
    mark = forms.TypedChoiceField(label="Отметка", choices=MARKS, required=False, coerce=int, empty_value=None)

    def __init__(self, *args, rubric: Rubric | None, is_gone: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.rubric, self.is_gone = rubric, is_gone
        self.criteria: list[Criterion] = list(rubric.criteria.all()) if rubric else []
        for one in self.criteria:
            self.fields[_name(one)] = forms.IntegerField(
                label=f"{one.title}, от 0 до {one.most}", help_text=one.about, min_value=0, max_value=one.most,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip
        self.order_fields([_name(one) for one in self.criteria])

    @property
    def points(self) -> list[forms.BoundField]:
        return [self[_name(one)] for one in self.criteria]

    def clean(self):
        values = super().clean()
        if self.is_gone:
            raise forms.ValidationError("Этой рубрики больше нет: выберите другую или пишите без рубрики.")
        return values

    def draft(self) -> Draft:
        values = self.cleaned_data
        points = {one.pk: values[_name(one)] for one in self.criteria}
        return Draft(text=values["text"], mark=values["mark"], rubric=self.rubric, points=points)


class InvitedForm(ReviewForm):
    """An outsider's: a field that people do not see stays empty, and the form is not posted within seconds.

    What was typed is kept where it is refused: a browser that fills in fields by itself shall cost nobody a review.
    """

    site = forms.CharField(label="Не заполняйте это поле", required=False, max_length=200)
    begun = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args, signer: signing.TimestampSigner, **kwargs):
        super().__init__(*args, **kwargs)
        self.signer = signer
        self.fields["site"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}
        self.initial["begun"] = signer.sign("")
        if self.is_bound and not _is_genuine(signer, self.data.get("begun", "")):
            self.data = self.data.copy()
            self.data["begun"] = self.initial["begun"]

    def clean_site(self) -> str:
        if self.cleaned_data["site"]:
            self.data = self.data.copy()
            self.data["site"] = ""
            raise forms.ValidationError("Похоже, форму заполнила программа. Проверьте текст и отправьте ещё раз.")
        return ""

    def clean_begun(self) -> str:
        value = self.cleaned_data["begun"]
        if not _is_genuine(self.signer, value) or _is_genuine(self.signer, value, seconds=LEAST_SECONDS):
            raise forms.ValidationError("Форма отправлена слишком быстро. Проверьте текст и отправьте ещё раз.")
        return value


def _is_genuine(signer: signing.TimestampSigner, value: str, *, seconds: int | None = None) -> bool:
    """Was the form given out by us, and, where asked, not longer ago than so many seconds?"""
    try:
        signer.unsign(value, max_age=seconds)
    except signing.BadSignature:
        return False
    return True


def _name(criterion: Criterion) -> str:
    return f"points-{criterion.pk}"


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Ваш ответ", max_length=4000, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
        help_text="Виден всем, кто видит рецензию.",
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Причина", max_length=500, widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "true"})
    )


class TickedForm(forms.Form):
    """Reviews ticked on the page of moderation."""

    review = forms.Field(required=False, widget=forms.SelectMultiple)

    def clean_review(self) -> list[int]:
        values = self.cleaned_data["review"] or ()
        if not all(value.isdecimal() and len(value) < 18 for value in values):
            raise forms.ValidationError("Отметьте рецензии ещё раз.")
        return [int(value) for value in values]


class InviteForm(forms.Form):
    name = forms.CharField(label="Имя рецензента", max_length=150, help_text="Как подписать рецензию: имя и фамилия.")
    role = forms.CharField(label="Кто это", max_length=150, help_text="Научный сотрудник НИИ, тренер, художник.")
