"""Undoing in the grid restores marks, reasons of absence and remarks, whatever was entered (7.2)."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.grid import WITHOUT_REASONS
from journal.models import Absence, CellChange, Mark
from tests.factories import make_employee
from tests.journal.factories import make_lesson, make_load
from tests.journal.test_cells import Room

pytestmark = [pytest.mark.django_db, pytest.mark.clause("7.2")]
VALUES = st.sampled_from(["", "5", "4", "3 о", "н", "о", "осв", "н/а"])
REMARKS = st.sampled_from(["", "Молодец", "Списал"])
STEPS = st.lists(st.one_of(VALUES, REMARKS.map(lambda words: (words,))), min_size=1, max_size=7)
BEGUN = st.sampled_from(["", "5", "4 о", "н", "б", "уп", "осв"])


@pytest.fixture
def room(site):
    return Room()


class Cell:
    """The room's pupil at a lesson of its own: histories of cells are never emptied."""

    def __init__(self, room: Room, slot: int):
        self.room, self.leader = room, make_employee(position="class_teacher", school_class=room.school_class)
        self.lesson = make_lesson(room.book, date=room.lesson.date, slot=slot)
        self.where = {"date": self.lesson.date, "slot": slot}

    def put(self, value: str, was: str, note: str | None = None, **options):
        return self.room.put(value, was, lesson=self.lesson, comment=note, **options)

    def begin(self, value: str, note: str | None) -> None:
        """Reasons of absence are the class teacher's, who teaches here for the while."""
        load = make_load(self.leader, self.room.book)
        found = self.put(value, "", note if value[:1].isdigit() else None, person=self.leader)
        assert found.state in ("saved", "same")
        load.delete()

    def undo(self, value: str, shown: str, note: str | None = None) -> str:
        back = self.put(value, shown, note, how=CellChange.How.UNDONE)
        assert back.state in ("saved", "same")
        return back.text

    @property
    def stored(self) -> tuple[list, list]:
        marks = Mark.objects.filter(**self.where).values_list("place", "value", "number", "weight", "comment")
        return list(marks), list(Absence.objects.filter(**self.where).values_list("pupil", "code"))

    @property
    def shown(self) -> tuple[str, str]:
        """The text and the remark in the teacher's grid."""
        marks, absences = self.stored
        words = [one[1] for one in marks] + [WITHOUT_REASONS[code] for _, code in absences]
        return " ".join(words), marks[0][-1] if marks else ""


SLOTS = itertools.count(2)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(begun=BEGUN, noted=REMARKS, steps=STEPS)
def test_undoing_every_step_restores_what_was_there(room, begun, noted, steps):
    """As the grid does it: a change remembers what the cell showed and the remark that it had; a remark written alone
    is not undone, but a change before it is."""
    cell = Cell(room, next(SLOTS))
    cell.begin(begun, noted)
    before, (text, remark) = cell.stored, cell.shown
    done = []
    for step in steps:
        if isinstance(step, tuple):
            cell.put(text, text, *step)
        elif (saved := cell.put(step, text)).state == "saved":
            done.append((text, remark, saved.text))
        text, remark = cell.shown
    for _ in ("undone", "done again and undone") if done else ():
        for was, note, _ in reversed(done):
            text = cell.undo(was, text, note if was else None)
        assert ([one[:-1] for one in cell.stored[0]], cell.stored[1]) == ([one[:-1] for one in before[0]], before[1])
        assert cell.shown[1] == done[0][1]
        for _, _, value in done:
            text = cell.put(value, text).text
    numbers = list(CellChange.objects.filter(**cell.where).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
