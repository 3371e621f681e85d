"""What an archived sheet says otherwise than the journal does now (7.3). Pure. The sheet itself never changes."""

from dataclasses import dataclass

NOTHING = "—"
HEADING = {"title": "Заголовок", "class": "Класс", "teacher": "Классный руководитель", "minutes": "Протокол"}


@dataclass(frozen=True)
class Difference:
    """Who, of what, as archived, as now."""

    who: str
    what: str
    was: str
    now: str


def differences(archived: dict, now: dict) -> list[Difference]:
    """In the order of the archived sheet; what was added since comes last."""
    found = [
        Difference("", title, archived.get(key) or NOTHING, now.get(key) or NOTHING)
        for key, title in HEADING.items() if archived.get(key) != now.get(key)
    ]  # fmt: skip
    before, after = _values(archived), _values(now)
    for place in [*before, *(one for one in after if one not in before)]:
        was, is_now = before.get(place, ""), after.get(place, "")
        if was != is_now:
            who, what = _words(place, archived, now)
            found.append(Difference(who, what, was or NOTHING, is_now or NOTHING))
    return found


def _values(content: dict) -> dict[tuple, str]:
    """(pupil, what it is, of which row) → value; empty cells are none."""
    each = [one["code"] for one in content["columns"] if one["each_row"]]
    once = [one["code"] for one in content["columns"] if not one["each_row"]]
    subjects = [one["key"] for one in content["subjects"]]
    rows = [(one["kind"], one["number"]) for one in content["rows"]]
    found = {}
    for pupil in content["pupils"]:
        key = pupil["key"]
        found[key, "pupil", None] = pupil["name"]
        found[key, "note", None] = pupil["note"]
        for row, cells, counts in zip(rows, pupil["cells"], pupil["each"], strict=True):
            found |= {(key, subject, row): value for subject, value in zip(subjects, cells, strict=True)}
            found |= {(key, code, row): value for code, value in zip(each, counts, strict=True)}
        found |= {(key, code, None): value for code, value in zip(once, pupil["once"], strict=True)}
    return {place: value for place, value in found.items() if value}


def _words(place: tuple, archived: dict, now: dict) -> tuple[str, str]:
    pupil, what, row = place
    names = {one["key"]: one["name"] for content in (now, archived) for one in content["pupils"]}
    titles: dict = {"pupil": "В списке класса", "note": "Пребывание в классе"}
    for content in (now, archived):
        titles |= {one["key"]: one["name"] for one in content["subjects"]}
        titles |= {one["code"]: one["name"] for one in content["columns"]}
    rows = {(one["kind"], one["number"]): one["name"] for content in (now, archived) for one in content["rows"]}
    tail = f", {rows[row]}" if row else ""
    return names[pupil], f"{titles[what]}{tail}"
