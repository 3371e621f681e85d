"""What is answered and confirmed around the batches of any app → clean values."""

import hashlib
from collections.abc import Sequence
from typing import Protocol

from django import forms

from accounts.batches.outcomes import SKIP, Change
from eios.lib.filter_form import FilterForm


class Question(Protocol):
    """A word of the file that the portal does not understand by itself."""

    choices: Sequence[tuple[str, str]]

    @property
    def key(self) -> str: ...

    @property
    def decision(self) -> tuple[str, str, str]:
        """(kind, scope, text), as what was decided is remembered."""


class AnswersForm(forms.Form):
    """What the words mean. An answer may be left for later. So many as `most` are asked at once."""

    most = 100

    def __init__(self, *args, questions: Sequence[Question], **kwargs):
        super().__init__(*args, **kwargs)
        # By the word itself: what another has answered meanwhile must not move this one's answers.
        self.questions = {_field_of(question): question for question in questions[: self.most]}
        for name, question in self.questions.items():
            choices = [("", "— решить позже —"), *question.choices, (SKIP, "не загружать")]
            self.fields[name] = forms.ChoiceField(choices=choices, required=False, **self.said_of(question))

    def said_of(self, question: Question) -> dict[str, str]:
        """Label and help text of the field."""
        raise NotImplementedError

    def decisions(self) -> list[tuple[str, str, str, str]]:
        """(kind, scope, text, meaning) of what was answered."""
        return [
            (*question.decision, self.cleaned_data[name])
            for name, question in self.questions.items()
            if self.cleaned_data.get(name)
        ]


def _field_of(question: Question) -> str:
    return f"answer-{hashlib.sha256(question.key.encode()).hexdigest()[:16]}"


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
        choices=[("", "всё"), *((one.key, one.value) for one in Change if one is not Change.SAME)],
    )  # fmt: skip
