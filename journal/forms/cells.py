"""What the grid posts → clean values: cells as JSON, how they came, why they are late."""

import json
import unicodedata

from django import forms
from django.core.exceptions import ValidationError

from journal.entries import MOST_CELLS, Entry, same
from journal.models import CellChange

FROM_GRID = (CellChange.How.TYPED, CellChange.How.PASTED, CellChange.How.UNDONE)
LONGEST = 40
MARK = forms.TextInput(attrs={"class": "mark-input", "autocomplete": "off", "size": "4", "inputmode": "text"})
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


class LessonMarksForm(forms.Form):
    """One lesson without the grid: a field for every pupil and column, and beside it what the page showed there."""

    reason = forms.CharField(label="Почему отметки меняются", required=False, max_length=300)

    def __init__(self, *args, lines: list[tuple[int, str]], columns: list[tuple[int, int, str]], shown: dict, **kwargs):
        """`lines`: (pupil, name); `columns`: (lesson, place, words); `shown`: (pupil, place) → text, of cells that
        take something."""
        super().__init__(*args, **kwargs)
        self.cells = {}
        for pupil, name in lines:
            for lesson, place, words in columns:
                if (pupil, place) not in shown:
                    continue
                field, was = f"m-{pupil}-{place}", f"w-{pupil}-{place}"
                self.cells[pupil, place] = (field, was, lesson)
                text = shown[pupil, place]
                self.fields[field] = forms.CharField(
                    label=f"{name}, {words}", required=False, max_length=LONGEST, initial=text, widget=MARK
                )
                self.fields[was] = forms.CharField(
                    required=False, max_length=LONGEST, initial=text, widget=forms.HiddenInput
                )  # fmt: skip

    def of(self, pupil: int, place: int) -> tuple[forms.BoundField, forms.BoundField] | None:
        """The field and its hidden companion; None of a cell that takes nothing."""
        found = self.cells.get((pupil, place))
        return (self[found[0]], self[found[1]]) if found else None

    def entries(self) -> list[Entry]:
        """What was changed."""
        given = self.cleaned_data
        found = [
            Entry(lesson, place, pupil, given[was], given[field].strip())
            for (pupil, place), (field, was, lesson) in self.cells.items()
        ]
        return [one for one in found if not same(one.was, one.value)]

    def refuse(self, entry: Entry, message: str) -> None:
        self.add_error(self.cells[entry.pupil, entry.place][0], message)

    def renew(self, entry: Entry, text: str) -> None:
        """The next try starts from what stands in the cell now."""
        self.data = self.data.copy()
        self.data[self.cells[entry.pupil, entry.place][1]] = text


def _entry(row: object) -> Entry:
    if not isinstance(row, list) or len(row) not in (5, 6):
        raise ValidationError(BROKEN)
    keys, words = row[:3], row[3:]
    if not all(type(one) is int and 0 < one < 2**63 for one in keys):
        raise ValidationError(BROKEN)
    if not all(isinstance(one, str) and _is_text(one) for one in words) or any(len(one) > LONGEST for one in words[:2]):
        raise ValidationError(BROKEN)
    return Entry(*keys, *words)


def _is_text(words: str) -> bool:
    """JSON may hold what a database can't keep and a page can't show: zero bytes, halves of characters, controls."""
    return all(one.isspace() or unicodedata.category(one) not in ("Cc", "Cs") for one in words)
