"""What people type into a cell of a gradebook, and how its contents are written. Pure: text in, values out (7.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from journal import scales
from journal.grid import WITH_REASONS, WITHOUT_REASONS
from journal.models.gradebooks import Scale
from journal.models.marks import Absence

Code = Absence.Code
# Saved at one go: a pasted column of a whole year has fewer.
MOST_CELLS = 400
# As people type them, folded; Latin letters stand on the same keys («y», «j») or look the same («h», «o»).
_CODES = {
    "н": Code.ABSENT, "от": Code.ABSENT, "y": Code.ABSENT, "h": Code.ABSENT, "n": Code.ABSENT,
    "о": Code.LATE, "оп": Code.LATE, "o": Code.LATE, "j": Code.LATE,
    "осв": Code.EXEMPT, "осв.": Code.EXEMPT, "б": Code.ILL, "у": Code.EXCUSED, "уп": Code.EXCUSED,
    "п": Code.UNEXCUSED, "нп": Code.UNEXCUSED,
}  # fmt: skip
_REASONS = frozenset({Code.ILL, Code.EXCUSED, Code.UNEXCUSED})
_HIDDEN = {word: WITHOUT_REASONS[code] for code, word in WITH_REASONS.items()}
_NO_MARK = frozenset(Absence.MISSED) | {Code.EXEMPT}
_PARTS = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Entry:
    """A cell as the page showed it (`was`) and as the person wants it; `comment` is None where it is left alone, else
    `remarked` is what the page showed of it, None of a page that does not say."""

    lesson: int
    place: int
    pupil: int
    was: str
    value: str
    comment: str | None = None
    remarked: str | None = None


@dataclass(frozen=True)
class Content:
    """A cell: a mark («5», `number` 5), a code of absence, a mark of one who was late, or nothing."""

    value: str = ""
    number: int | None = None
    code: str = ""

    @property
    def text(self) -> str:
        """As histories keep it: «5», «Б», «4 ОП»."""
        return " ".join(part for part in (self.value, WITH_REASONS[self.code] if self.code else "") if part)

    @property
    def is_missed(self) -> bool:
        return self.code in Absence.MISSED


def read_cell(text: str, scale: str, *, reasons: bool) -> Content:
    """«5» → a mark, «н» → an absence, «4 о» → both. Raises ValueError in Russian, saying what may be typed.

    `reasons`: may the person say why a pupil was absent; teachers of a subject only say that.
    """
    value, number, code = "", None, ""
    for part in filter(None, _PARTS.split(text.strip())):
        found = _CODES.get(part.casefold().replace("ё", "е"))
        if found:
            if code:
                raise ValueError("Два пропуска в одной клетке не ставят.")
            code = found
        elif value:
            raise ValueError("В клетке одна отметка: для второй добавьте уроку колонку.")
        else:
            value, number = _mark(part, scale)
    if code in _REASONS and not reasons:
        raise ValueError("Причину пропуска указывает классный руководитель: поставьте «н».")
    if value and code in _NO_MARK:
        raise ValueError("Отметка и «н» вместе не ставятся: обучающегося на уроке не было.")
    return Content(value, number, code)


def _mark(part: str, scale: str) -> tuple[str, int | None]:
    """A mark of the scale, or «н/а» in any marked one."""
    if scale != Scale.NONE and part.casefold() in ("н/а", "н.а."):
        return scales.NOT_ATTESTED, None
    try:
        return scales.read_mark(part, scale)
    except ValueError:
        raise ValueError(f"«{part[:12]}» сюда не ставят. Можно: {hint(scale)}.") from None


def hint(scale: str) -> str:
    """What may be typed, in words."""
    off = "н — не был, о — опоздал, осв — освобождён"
    return off if scale == Scale.NONE else f"{scales.words_of(scale)}, н/а; {off}"


def buttons(scale: str) -> tuple[str, ...]:
    """What is put in most, for the big keys of a telephone."""
    marks = {Scale.FIVE: ("5", "4", "3", "2"), Scale.PASS: ("зач", "нзч")}.get(Scale(scale), ())
    return (*marks, "н", "о", "осв")


def shown(text: str, *, reasons: bool) -> str:
    """A text of the history for one who may, or may not, see reasons of absence (access.md)."""
    return text if reasons else " ".join(_HIDDEN.get(word, word) for word in text.split(" "))


def same(one: str, other: str) -> bool:
    """Is it the same cell as a page shows it, whatever the case and the spaces."""
    return one.casefold().split() == other.casefold().split()


def before_undone(changes: Iterable[tuple[str, str, bool]]) -> str:
    """What stood in a cell before the change that undoing takes back next; "" of none.

    `changes` are (was, became, by undoing) in their order. Undoing takes back the last change that stands; a
    remark alone is none.
    """
    standing: list[tuple[str, str]] = []
    for was, became, is_undone in changes:
        if is_undone and standing and standing[-1] == (became, was):
            standing.pop()
        elif was != became:
            standing.append((was, became))
    return standing[-1][0] if standing else ""
