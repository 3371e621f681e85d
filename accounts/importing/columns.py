"""Columns of the files that the portal loads: how they are recognised, and what the template says of them. Pure."""

from dataclasses import dataclass

from accounts.models import RegistrationSheet, Relation
from eios.lib.tables import Heading, Layout

Kind = RegistrationSheet.Kind


@dataclass(frozen=True)
class Column:
    """A column: its key, title, other titles; and for the template an example and a word of explanation."""

    key: str
    title: str
    also: tuple[str, ...] = ()
    example: str = ""
    says: str = ""
    width: int = 18

    @property
    def heading(self) -> Heading:
        return Heading(self.key, self.title, self.also)


# Representatives: the beginning of the key → kind, genitive for «телефон матери», other names, an example.
PARENTS = {
    "mother": (Relation.Kind.MOTHER, "Мать", "матери", ("мама",)),
    "father": (Relation.Kind.FATHER, "Отец", "отца", ("папа",)),
    "guardian": (
        Relation.Kind.GUARDIAN, "Законный представитель", "законного представителя", ("представитель", "опекун")
    ),
}  # fmt: skip
_MAIL = ("e-mail", "е-mail", "email", "электронная почта", "почта", "адрес электронной почты")
_OF_WHOM = ("ребёнка", "обучающегося", "ученика", "учащегося")


def _of_whom(word: str) -> tuple[str, ...]:
    return tuple(f"{word} {whom}" for whom in _OF_WHOM)


def _parent(code: str) -> list[Column]:
    _, title, whom, others = PARENTS[code]
    names = (title, *others)
    mails = tuple(f"{name} {mail}" for name in names for mail in _MAIL) + tuple(f"{mail} {whom}" for mail in _MAIL)
    says = "Если представителя нет, оставьте пустым."
    return [
        Column(
            f"{code}_name", f"{title}: ФИО", (*names, f"ФИО {whom}", *(f"{one} ФИО" for one in others)),
            "Ёлкина Вера Павловна" if code == "mother" else "", says, 30,
        ),
        Column(
            f"{code}_phone", f"{title}: телефон", (f"телефон {whom}", *(f"{one} телефон" for one in others)),
            "+7 900 000-00-00" if code == "mother" else "",
        ),
        Column(f"{code}_email", f"{title}: e-mail", mails),
        Column(
            f"{code}_document", f"{title}: документ", (f"документ {whom}", *(f"{one} документ" for one in others)),
            "свидетельство о рождении I-АГ № 000000" if code == "mother" else "",
            "Чем подтверждается родство или опека.", 34,
        ),
    ]  # fmt: skip


_NAMES = [
    Column("surname", "Фамилия", _of_whom("Фамилия"), "Ёлкин", "Обязательно, если нет столбца «ФИО»."),
    Column("name", "Имя", _of_whom("Имя"), "Тимофей", "Обязательно, если нет столбца «ФИО»."),
    Column("patronymic", "Отчество", _of_whom("Отчество"), "Олегович", "Если есть."),
]
_FULL_NAME = Column(
    "full_name", "ФИО",
    ("Ф.И.О.", "Фамилия, имя, отчество", "Фамилия, имя", "Обучающийся", "Ученик", "Работник", "Сотрудник",
     *_of_whom("ФИО"), "ФИО работника", "ФИО сотрудника"),
    says="Вместо трёх столбцов «Фамилия», «Имя», «Отчество».",
)  # fmt: skip
_PHONE = Column(
    "phone", "Телефон", (*_of_whom("Телефон"), "Мобильный телефон", "Телефон работника"), "+7 900 000-00-00"
)
_EMAIL = Column("email", "E-mail", _MAIL)
_NOTE = Column("note", "Примечание", ("Комментарий",))
_BORN = Column("birth_date", "Дата рождения", ("Др", "Родился", "Рождён"), "01.09.2014", "День, месяц и год.")
_GROUP_SAYS = "Название — как в справочнике портала."

_OF_PUPILS = [
    *_NAMES,
    _FULL_NAME,
    _BORN,
    Column("school_class", "Класс", ("Класс обучения",), "5А", "Нужен, когда загружается вся школа."),
    Column("file_number", "№ личного дела", ("Номер личного дела", "Личное дело"), "Ё-27"),
    _PHONE,
    _EMAIL,
    *_parent("mother"),
    *_parent("father"),
    *_parent("guardian"),
    Column(
        "guardian_kind", "Законный представитель: кем приходится", ("Кем приходится", "Степень родства"), "",
        "Мать, отец, опекун, попечитель или иное.", 24,
    ),
    _NOTE,
]  # fmt: skip
_OF_STAFF = [
    *_NAMES,
    _FULL_NAME,
    _BORN,
    Column("position", "Должность", (), "учитель", f"Обязательно. {_GROUP_SAYS}", 30),
    Column("method_group", "ШМО", ("Методическое объединение",), "", _GROUP_SAYS, 30),
    Column(
        "school_class", "Классное руководство", ("Класс", "Классный руководитель", "Кл. рук."), "5А",
        "Класс, которым руководит.",
    ),
    _PHONE,
    _EMAIL,
    _NOTE,
]  # fmt: skip
_OF_CLASSES = [
    Column("school_class", "Класс", ("Название класса",), "5А", "Обязательно: 5А, 5-а или 5 «А»."),
    Column("year", "Учебный год", ("Год",), "", "Пусто — текущий учебный год. Например: 2026/2027."),
    Column(
        "full_name", "Классный руководитель", ("Кл. рук.", "Руководитель", "ФИО классного руководителя"),
        "Орлова Мария Петровна", "ФИО, если уже назначен. Сам человек загружается вместе с работниками.", 36,
    ),
]  # fmt: skip

COLUMNS: dict[str, list[Column]] = {Kind.PUPILS: _OF_PUPILS, Kind.STAFF: _OF_STAFF, Kind.CLASSES: _OF_CLASSES}


def _layout(kind: str, *needs: tuple[str, ...]) -> Layout:
    return Layout(tuple(column.heading for column in COLUMNS[kind]), needs)


LAYOUTS: dict[str, Layout] = {
    Kind.PUPILS: _layout(Kind.PUPILS, ("surname", "name", "birth_date"), ("full_name", "birth_date")),
    Kind.STAFF: _layout(Kind.STAFF, ("surname", "name", "position"), ("full_name", "position")),
    Kind.CLASSES: _layout(Kind.CLASSES, ("school_class",)),
}
# A sheet of the whole school says of each pupil which class it is.
SCHOOL_LAYOUTS = LAYOUTS | {
    Kind.PUPILS: _layout(
        Kind.PUPILS,
        ("surname", "name", "birth_date", "school_class"),
        ("full_name", "birth_date", "school_class"),
    )
}
