"""The pupil's cover, and what is shown to whom → clean values."""

from django import forms

from accounts.forms.files import StoredFileField
from accounts.models import SchoolClass, User
from portfolio import sharing, showing
from portfolio.file_owners import COVER
from portfolio.models import Achievement, Portfolio, Share, Work

_TERM = f"Срок — от 1 до {sharing.MOST_DAYS} дней."
DAYS_WRONG = {"min_value": _TERM, "max_value": _TERM}


class CoverForm(forms.ModelForm):
    picture = StoredFileField(COVER, label="Картинка", required=False)

    class Meta:
        model = Portfolio
        fields = ["motto", "about"]
        widgets = {"about": forms.Textarea(attrs={"rows": 7, "spellcheck": "true"})}
        help_texts = {
            "motto": "Одна строка: чем живёте или к чему стремитесь.",
            "about": "Чем увлекаетесь, чему учитесь, о чём мечтаете. Адрес, телефон и сведения о здоровье не пишите.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["picture"] = self.instance.cover


class PersonField(forms.ModelChoiceField):
    """One of those to whom a pupil may show the portfolio, in groups."""

    def __init__(self, **options):
        super().__init__(User.objects.none(), required=False, empty_label="выберите человека", **options)

    def offer(self, groups: list[tuple[str, list[User]]]) -> None:
        self.queryset = User.objects.filter(pk__in=[one.pk for _, people in groups for one in people])
        named = [(title, [(one.pk, one.get_full_name()) for one in people]) for title, people in groups if people]
        self.choices = [("", self.empty_label), *named]


class ShareForm(forms.Form):
    """Only what the pupil may show stands among the choices; the rest is refused as unknown."""

    achievements = forms.ModelMultipleChoiceField(
        Achievement.objects.none(), label="Достижения", required=False, widget=forms.CheckboxSelectMultiple
    )
    works = forms.ModelMultipleChoiceField(
        Work.objects.none(), label="Работы", required=False, widget=forms.CheckboxSelectMultiple
    )
    with_cover = forms.BooleanField(label="Показать обложку и рассказ о себе", required=False, initial=True)
    kind = forms.ChoiceField(
        label="Кому показать", choices=Share.Kind.choices, widget=forms.RadioSelect, initial=Share.Kind.PERSON,
        error_messages={"required": "Выберите, кому показать."},
    )  # fmt: skip
    person = PersonField(label="Человек", help_text="Работник школы или одноклассник.")
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(), label="Класс", required=False, empty_label="выберите класс",
        help_text="Увидят ученики и классный руководитель.",
    )  # fmt: skip
    days = forms.IntegerField(
        label="На сколько дней", min_value=1, max_value=sharing.MOST_DAYS, error_messages=DAYS_WRONG
    )
    title = forms.CharField(
        label="Для чего", max_length=150, required=False, help_text="Заметка себе: «Отбор в лагерь». Другие не видят."
    )

    def __init__(self, *args, pupil: User, date, **kwargs):
        super().__init__(*args, **kwargs)
        achievements = self.fields["achievements"]
        achievements.queryset = Achievement.objects.counted().filter(pupil=pupil).order_by("-date", "-pk")
        achievements.label_from_instance = _achievement_words
        works = self.fields["works"]
        works.queryset = showing.works_ready(pupil)
        works.label_from_instance = lambda one: f"{one.title} — {one.get_kind_display()}"
        self.fields["person"].offer(sharing.people_offered(pupil, date))
        self.fields["school_class"].queryset = SchoolClass.objects.of_year_on(date).order_by("grade", "letter")

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        values = super().clean()
        kind = values.get("kind")
        for name, needed, words in (
            ("person", Share.Kind.PERSON, "Выберите человека."),
            ("school_class", Share.Kind.CLASS, "Выберите класс."),
        ):
            if kind != needed:
                values[name] = None
            elif not values.get(name) and name not in self.errors:
                self.add_error(name, words)
        is_empty = not values.get("achievements") and not values.get("works")
        if is_empty and not {"achievements", "works"} & set(self.errors):
            self.add_error(None, "Выберите хотя бы одно достижение или одну работу.")
        return values


def _achievement_words(row: Achievement) -> str:
    return f"{row.date:%d.%m.%Y} {row.title} — {row.get_outcome_display()} ({row.get_origin_display()})"
