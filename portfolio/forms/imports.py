"""What is given and answered around the portfolio's imports → clean values (11.1-11.3)."""

import datetime
import functools

from django import forms

from accounts.forms import batches
from accounts.forms.files import TableFileField
from eios.lib.date_input import date_input
from portfolio.file_owners import IMPORT
from portfolio.forms.events import BY_STAGE, checked_date, settle_level
from portfolio.importing.columns import OLYMPIAD, RECORD, read_rows
from portfolio.importing.matching import Question
from portfolio.imports import SOURCES
from portfolio.models import Level, Mode, Sphere, Stage, title_key
from resources.models import Subject

TABLE = "XLSX, XLS, ODS или CSV (UTF-8 или Windows-1251), не больше 5 МБ."


class _PastDateForm(forms.Form):
    """Something of a day that has come."""

    day: str

    def __init__(self, *args, today: datetime.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self):
        values = super().clean()
        date = values.get(self.day)
        if date and date > self.today:
            self.add_error(self.day, "Этот день ещё не наступил.")
        elif date:
            try:
                checked_date(date, self.today)
            except forms.ValidationError as error:
                self.add_error(self.day, error)
        return values


class OlympiadForm(_PastDateForm):
    """A list of participants, and what the event is."""

    day = "date"
    title = forms.CharField(label="Мероприятие", max_length=250, help_text="Как в положении, без класса и результата.")
    sphere = forms.ChoiceField(label="Сфера", choices=[("", "выберите"), *Sphere.choices])
    stage = forms.ChoiceField(
        label="Этап ВсОШ", required=False, choices=[("", "это не ВсОШ"), *Stage.choices],
        help_text="Только для Всероссийской олимпиады школьников.",
    )  # fmt: skip
    level = forms.ChoiceField(
        label="Уровень", required=False, choices=[("", "выберите"), *Level.choices], help_text=BY_STAGE
    )
    date = forms.DateField(label="Дата", widget=date_input())
    subject = forms.ModelChoiceField(
        Subject.objects.all(), label="Предмет", required=False, empty_label="без предмета",
        help_text="Столбец «Предмет» в файле важнее: для каждого предмета будет своё мероприятие.",
    )  # fmt: skip
    mode = forms.ChoiceField(label="Как проходило", choices=Mode.choices)
    organiser = forms.CharField(label="Организатор", required=False, max_length=200)
    file = TableFileField(
        IMPORT, functools.partial(read_rows, purpose=OLYMPIAD), label="Файл со списком", help_text=TABLE
    )

    def clean_title(self) -> str:
        if not title_key(self.cleaned_data["title"]):
            raise forms.ValidationError("Назовите мероприятие словами.")
        return self.cleaned_data["title"]

    def clean(self):
        values = super().clean()
        settle_level(self)
        return values

    def head(self) -> dict:
        """What the event is, as JSON keeps it."""
        values = self.cleaned_data
        names = ("title", "sphere", "stage", "level", "mode", "organiser")
        subject = values["subject"].name if values["subject"] else ""
        return {**{name: values[name] for name in names}, "date": values["date"].isoformat(), "subject": subject}


class RecordForm(_PastDateForm):
    """Achievements as a system of record has them."""

    day = "as_of"
    source = forms.ChoiceField(label="Из какой системы", choices=[(one, one) for one in SOURCES])
    as_of = forms.DateField(label="Данные на", widget=date_input(), help_text="День, когда файл выгружен.")
    sphere = forms.ChoiceField(label="Сфера, если в файле не названа", choices=Sphere.choices)
    level = forms.ChoiceField(label="Уровень, если в файле не назван", choices=Level.choices)
    file = TableFileField(IMPORT, functools.partial(read_rows, purpose=RECORD), label="Файл", help_text=TABLE)
    starts = forms.DateField(
        label="Файл полный: с какого дня", required=False, widget=date_input(),
        help_text="Если в файле за эти дни есть все достижения названных в нём учеников. Чего в нём нет, "
        "портал уберёт. Не знаете — оставьте пустым.",
    )  # fmt: skip
    ends = forms.DateField(label="Файл полный: по какой день", required=False, widget=date_input())

    def clean(self):
        values = super().clean()
        starts, ends = values.get("starts"), values.get("ends")
        if bool(starts) != bool(ends) and not {"starts", "ends"} & self.errors.keys():
            self.add_error("starts" if ends else "ends", "Укажите оба дня или ни одного.")
        elif starts and ends and starts > ends:
            self.add_error("ends", "Последний день раньше первого.")
        return values

    def whole(self) -> tuple[datetime.date, datetime.date] | None:
        """The days of which the file has everything, where that is said."""
        starts, ends = self.cleaned_data["starts"], self.cleaned_data["ends"]
        return (starts, ends) if starts else None

    def head(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("sphere", "level")}


class AnswersForm(batches.AnswersForm):
    """Whom the names mean that the portal has not recognised."""

    most = 50

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["skip_unknown"] = forms.BooleanField(
            label="Остальных, кого портал не узнал, не загружать: они не из нашей школы", required=False
        )

    def said_of(self, question: Question) -> dict[str, str]:
        return {"label": f"Обучающийся «{question.text}»", "help_text": f"{question.where.capitalize()}."}

    @property
    def is_answered(self) -> bool:
        return bool(self.decisions() or self.cleaned_data["skip_unknown"])
