"""What is given and answered around imports → clean values (7.1)."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.batches.unpacking import MOST_UNPACKED, Given
from accounts.forms import batches
from accounts.models import AcademicYear, SchoolClass
from journal.importing.importers import SOURCES
from journal.importing.importers.base import PUPIL, SUBJECT
from journal.importing.matching import Question
from resources.models import Subject

SAID = {
    "year": "Учебный год", "class": "Класс", "subject": "Предмет", "pupil": "Обучающийся, как в списке класса",
    "period": "За какой период",
}  # fmt: skip
PERIODS = [
    *((f"{number} период", f"{number}-й период") for number in range(1, 7)),
    ("год", "Год"), ("экзамен", "Экзамен"), ("итог", "Итог"),
]  # fmt: skip


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, at least one."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        files = [super(FilesField, self).clean(one, initial) for one in (data if isinstance(data, list) else [data])]
        if sum(one.size for one in files) > MOST_UNPACKED:
            raise ValidationError(f"Вместе файлы больше {MOST_UNPACKED // 1024 // 1024} МБ. Разделите их на части.")
        return [Given(one.name or "файл", one.read()) for one in files]


class UploadForm(forms.Form):
    """Files of one source."""

    source = forms.ChoiceField(label="Откуда файлы", choices=[(one, one) for one in SOURCES])
    files = FilesField(
        label="Файлы или архив ZIP", allow_empty_file=True,
        help_text="XLSX, XLS, ODS, CSV или HTML; можно выбрать сразу до 100 файлов, больше — архивом ZIP.",
        error_messages={"required": "Выберите хотя бы один файл."},
    )  # fmt: skip


class SayForm(forms.Form):
    """What a file leaves open: only these fields."""

    def __init__(self, *args, asks: list[str], titles: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        if titles:
            self.fields["column"] = forms.ChoiceField(
                label="Что стоит в начале строк", choices=[("", "— выберите —"), *_columns(titles)],
                help_text="Портал запомнит, как называется этот столбец в файлах этой системы.",
            )  # fmt: skip
        for ask in asks:
            self.fields[ask] = self._field(ask)

    def _field(self, ask: str) -> forms.Field:
        if ask == "pupil":
            return forms.CharField(label=SAID[ask], max_length=200)
        choices = {
            "period": lambda: PERIODS,
            "year": lambda: [(str(one), str(one)) for one in AcademicYear.objects.all()],
            "class": lambda: [(one, one) for one in dict.fromkeys(str(row) for row in SchoolClass.objects.all())],
            "subject": lambda: [(one.name, one.name) for one in Subject.objects.all()],
        }[ask]()
        return forms.ChoiceField(label=SAID[ask], choices=[("", "— выберите —"), *choices])


def _columns(titles: list[str]) -> list[tuple[str, str]]:
    return [
        (f"{kind}|{title}"[:300], f"столбец «{title}»: {words}")
        for title in titles
        for kind, words in ((PUPIL, "фамилии обучающихся"), (SUBJECT, "предметы"))
    ]


class AnswersForm(batches.AnswersForm):
    """The manual step: what each unknown word means."""

    def said_of(self, question: Question) -> dict[str, str]:
        what = "Предмет" if question.kind == "subject" else "Обучающийся"
        return {"label": f"{what} «{question.text}»", "help_text": f"Файл «{question.file}»."}
