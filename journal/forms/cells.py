"""What the grid posts → clean values: cells as JSON, how they came, why they are late."""

import json
import unicodedata
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from journal.entries import MOST_CELLS, Entry, same
from journal.models import CellChange

FROM_GRID = (CellChange.How.TYPED, CellChange.How.PASTED, CellChange.How.UNDONE)
LONGEST = 40
LONGEST_REMARK = 300
REMARK = forms.Textarea(attrs={"rows": "2", "autocomplete": "off"})
MARK = forms.TextInput(attrs={"class": "mark-input", "autocomplete": "off", "size": "4", "inputmode": "text"})
BROKEN = "Портал не понял, что сохранить. Обновите страницу."


class CellsForm(forms.Form):
    """`cells`: a JSON list of [lesson, place, pupil, was, value] and, where the comment changes too, the comment and
    what it was."""

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


@dataclass(frozen=True)
class CellFields:
    """What a cell of the plain form has: the mark and the remark, each with what the page showed there."""

    mark: forms.BoundField
    was: forms.BoundField
    remark: forms.BoundField
    remarked: forms.BoundField


class LessonMarksForm(forms.Form):
    """One lesson without the grid: for every pupil and column a mark and a remark, and beside each what the page showed
    there."""

    reason = forms.CharField(label="Почему отметки меняются", required=False, max_length=300)

    def __init__(
        self, *args, lines: list[tuple[int, str]], columns: list[tuple[int, int, str]],
        shown: dict[tuple[int, int], tuple[str, str]], **kwargs,
    ):  # fmt: skip
        """`lines`: (pupil, name); `columns`: (lesson, place, words); `shown`: (pupil, place) → text and remark, of
        cells that take something."""
        super().__init__(*args, **kwargs)
        self.cells: dict[tuple[int, int], tuple[int, tuple[str, ...]]] = {}
        for pupil, name in lines:
            for lesson, place, words in columns:
                if (pupil, place) in shown:
                    self._add(lesson, pupil, place, f"{name}, {words}", *shown[pupil, place])

    def _add(self, lesson: int, pupil: int, place: int, words: str, text: str, remark: str) -> None:
        names = tuple(f"{letter}-{pupil}-{place}" for letter in "mwcd")
        self.cells[pupil, place] = (lesson, names)
        common, noted = {"required": False, "max_length": LONGEST}, {"required": False, "max_length": LONGEST_REMARK}
        hidden = forms.HiddenInput
        fields = (
            forms.CharField(label=words, initial=text, widget=MARK, **common),
            forms.CharField(initial=text, widget=hidden, **common),
            forms.CharField(label=f"{words}: замечание", initial=remark, widget=REMARK, **noted),
            forms.CharField(initial=remark, widget=hidden, **noted),
        )
        self.fields.update(zip(names, fields, strict=True))

    def of(self, pupil: int, place: int) -> CellFields | None:
        """None of a cell that takes nothing."""
        found = self.cells.get((pupil, place))
        return CellFields(*(self[name] for name in found[1])) if found else None

    def entries(self) -> list[Entry]:
        """What was changed; a remark that was left alone is none of it."""
        given = self.cleaned_data
        found = []
        for (pupil, place), (lesson, (mark, was, remark, remarked)) in self.cells.items():
            wanted, note = given[mark].strip(), " ".join(given[remark].split())
            is_noted = note != " ".join(given[remarked].split())
            if is_noted or not same(given[was], wanted):
                left = (note, given[remarked]) if is_noted else ()
                found.append(Entry(lesson, place, pupil, given[was], wanted, *left))
        return found

    def refuse(self, entry: Entry, message: str, *, is_remark: bool) -> None:
        self.add_error(self._names(entry)[2 if is_remark else 0], message)

    def renew(self, entry: Entry, text: str, remark: str) -> None:
        """The next try starts from what stands in the cell now; what the person did not touch is taken over."""
        mark, was, note, remarked = self._names(entry)
        self.data = self.data.copy()
        self.data[was], self.data[remarked] = text, remark
        if same(entry.was, entry.value):
            self.data[mark] = text
        if entry.comment is None:
            self.data[note] = remark

    def _names(self, entry: Entry) -> tuple[str, ...]:
        return self.cells[entry.pupil, entry.place][1]


def _entry(row: object) -> Entry:
    if not isinstance(row, list) or len(row) not in (5, 6, 7):
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
