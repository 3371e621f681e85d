"""What is given and answered around imports → clean values (7.1)."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError

from accounts.batches.unpacking import MOST_UNPACKED, Given
from accounts.models import AcademicYear, SchoolClass
from eios.lib.filter_form import FilterForm
from journal.importing.importers import SOURCES
from journal.importing.importers.base import PUPIL, SUBJECT
from journal.importing.matching import SKIP, Question
from journal.importing.plan import Change
from resources.models import Subject

SAID = {
    "year": "Учебный год", "class": "Класс", "subject": "Предмет", "pupil": "Обучающийся, как в списке класса",
    "period": "За какой период",
}  # fmt: skip
PERIODS = [
    *((f"{number} период", f"{number}-й период") for number in range(1, 7)),
    ("год", "Год"), ("экзамен", "Экзамен"), ("итог", "Итог"),
]  # fmt: skip


# So many are asked at once; the others come after the answers.
MOST_QUESTIONS = 100


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


def _field_of(question: Question) -> str:
    return f"answer-{hashlib.sha256(question.key.encode()).hexdigest()[:16]}"


class AnswersForm(forms.Form):
    """The manual step: what each unknown word means. An answer may be left for later."""

    def __init__(self, *args, questions: list[Question], **kwargs):
        super().__init__(*args, **kwargs)
        # By the word itself: what another has answered meanwhile must not move this one's answers.
        self.questions = {_field_of(question): question for question in questions[:MOST_QUESTIONS]}
        for name, question in self.questions.items():
            what = "Предмет" if question.kind == "subject" else "Обучающийся"
            choices = [("", "— решить позже —"), *question.choices, (SKIP, "не загружать")]
            self.fields[name] = forms.ChoiceField(
                label=f"{what} «{question.text}»", choices=choices, required=False, help_text=f"Файл «{question.file}»."
            )

    def decisions(self) -> list[tuple[str, str, str, str]]:
        """(kind, scope, text, meaning) of what was answered."""
        return [
            (question.kind, question.scope, question.text, self.cleaned_data[name])
            for name, question in self.questions.items()
            if self.cleaned_data.get(name)
        ]


class ApplyForm(forms.Form):
    """The plan that was seen; errors are passed over only where somebody says so."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    despite_errors = forms.BooleanField(label="Загрузить остальное без строк с ошибками", required=False)

    def __init__(self, *args, has_errors: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_errors:
            del self.fields["despite_errors"]


class UndoForm(forms.Form):
    reason = forms.CharField(label="Почему отменяете", max_length=300, help_text="Останется в журнале аудита.")


class LinesFilterForm(FilterForm):
    """Which lines of the preview are shown."""

    show = forms.ChoiceField(
        label="Что показать", required=False,
        choices=[("", "всё"), *((one.name.lower(), one.value) for one in Change if one is not Change.SAME)],
    )  # fmt: skip
