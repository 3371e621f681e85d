"""The pupil's cover, and what is shown to whom → clean values."""

from django import forms

from accounts.forms.files import StoredFileField
from accounts.models import SchoolClass, User
from accounts.places import places_on, words_of
from portfolio import sharing, showing
from portfolio.file_owners import COVER
from portfolio.models import Achievement, Portfolio, Share, Work

_TERM = f"Срок — от 1 до {sharing.MOST_DAYS} дней."
MOST_FOUND, MOST_LETTERS = 20, 100
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
    whom = forms.CharField(
        label="Человек", max_length=MOST_LETTERS, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Работник школы или одноклассник: напишите фамилию или имя. Портал найдёт и переспросит.",
    )  # fmt: skip
    person = forms.ModelChoiceField(
        User.objects.none(), label="Кто из найденных", required=False, empty_label=None, widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Отметьте, кому из найденных показать."},
    )  # fmt: skip
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
        self.has_more, self.people = False, []
        if self.is_bound:
            self._find(pupil, date)
        self.fields["school_class"].queryset = SchoolClass.objects.of_year_on(date).order_by("grade", "letter")

    def _find(self, pupil: User, date) -> None:
        """One may be chosen while the words still find that one, so that nobody is shown to by an old tick."""
        rows = sharing.people_found(pupil, str(self["whom"].value() or "")[:MOST_LETTERS], date)
        found = list(rows.prefetch_related(*places_on(date))[: MOST_FOUND + 1])
        self.has_more, self.people = len(found) > MOST_FOUND, found[:MOST_FOUND]
        self.fields["person"].queryset = rows
        self.fields["person"].choices = [(one.pk, f"{one.get_full_name()}, {words_of(one)}") for one in self.people]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean(self):
        values = super().clean()
        kind = values.get("kind")
        if kind != Share.Kind.PERSON:
            values["person"] = None
            self.errors.pop("person", None)
        elif not values.get("person"):
            self._say_whom_to_choose(values)
        if kind != Share.Kind.CLASS:
            values["school_class"] = None
        elif not values.get("school_class") and "school_class" not in self.errors:
            self.add_error("school_class", "Выберите класс.")
        is_empty = not values.get("achievements") and not values.get("works")
        if is_empty and not {"achievements", "works"} & set(self.errors):
            self.add_error(None, "Выберите хотя бы одно достижение или одну работу.")
        return values

    def _say_whom_to_choose(self, values: dict) -> None:
        if "whom" in self.errors:
            return
        if not values["whom"]:
            self.add_error("whom", "Напишите, кому показать: фамилию или имя.")
        elif not self.people:
            self.add_error("whom", "Никого не нашлось. Здесь работники школы и ваши одноклассники: проверьте имя.")
        elif "person" not in self.errors:
            self.add_error("person", self.fields["person"].error_messages["invalid_choice"])


def _achievement_words(row: Achievement) -> str:
    return f"{row.date:%d.%m.%Y} {row.title} — {row.get_outcome_display()} ({row.get_origin_display()})"
