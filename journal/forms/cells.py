"""What the grid posts → clean values: cells as JSON, how they came, why they are late."""

import json

from django import forms
from django.core.exceptions import ValidationError

from journal.entries import MOST_CELLS, Entry
from journal.models import CellChange

FROM_GRID = (CellChange.How.TYPED, CellChange.How.PASTED, CellChange.How.UNDONE)
LONGEST = 40
BROKEN = "Портал не понял, что сохранить. Обновите страницу."


class CellsForm(forms.Form):
    """`cells`: a JSON list of [lesson, place, pupil, was, value] and, where the comment changes too, the comment."""

    cells = forms.CharField(max_length=200_000)
    how = forms.ChoiceField(
        choices=[
            (one.value, one.label) for one in (CellChange.How.TYPED, CellChange.How.PASTED, CellChange.How.UNDONE)
        ],
        required=False,
    )
    reason = forms.CharField(label="Причина", required=False, max_length=300)
    period = forms.IntegerField(required=False, min_value=0, max_value=20)

    def clean_cells(self) -> list[Entry]:
        try:
            rows = json.loads(self.cleaned_data["cells"])
        except (ValueError, RecursionError) as error:
            raise ValidationError(BROKEN) from error
        if not isinstance(rows, list) or not 0 < len(rows) <= MOST_CELLS:
            raise ValidationError(BROKEN)
        return [_entry(row) for row in rows]

    def clean_how(self) -> str:
        return self.cleaned_data["how"] or CellChange.How.TYPED


def _entry(row: object) -> Entry:
    if not isinstance(row, list) or len(row) not in (5, 6):
        raise ValidationError(BROKEN)
    keys, words = row[:3], row[3:]
    if not all(type(one) is int and 0 < one < 2**63 for one in keys):
        raise ValidationError(BROKEN)
    if not all(isinstance(one, str) and "\0" not in one for one in words) or any(
        len(one) > LONGEST for one in words[:2]
    ):
        raise ValidationError(BROKEN)
    return Entry(*keys, *words)
