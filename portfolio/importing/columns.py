"""Columns of the portfolio's files: lists of an olympiad or a contest, achievements of a system of record. Pure."""

from accounts.importing.columns import Column
from accounts.importing.template import book_of
from eios.lib import tables
from eios.lib.tables import Layout, Table, TableError

# As `ImportBatch.purpose` has it.
OLYMPIAD, RECORD = "olympiad", "achievements"
MOST_ROWS = 5000

_NAMES = [
    Column(
        "full_name", "ФИО",
        ("Ф.И.О.", "ФИО участника", "ФИО обучающегося", "ФИО ученика", "ФИО учащегося", "Фамилия, имя, отчество",
         "Фамилия, имя", "Фамилия и имя", "Участник", "Обучающийся", "Ученик", "Учащийся"),
        "Ёлкин Тимофей Олегович", "Обязательно; можно тремя столбцами «Фамилия», «Имя», «Отчество».", 34,
    ),
    Column("surname", "Фамилия", ("Фамилия участника", "Фамилия обучающегося")),
    Column("name", "Имя", ("Имя участника", "Имя обучающегося")),
    Column("patronymic", "Отчество", ("Отчество участника", "Отчество обучающегося")),
    Column("school_class", "Класс", ("Класс обучения", "Класс участника"), "8А", "8А, 8-а, 8 «А» или только 8."),
]  # fmt: skip
_RESULT = [
    Column(
        "outcome", "Результат", ("Итог", "Тип диплома", "Диплом", "Степень диплома", "Награда"), "призёр",
        "Победитель, призёр, лауреат, участник; «1 место» и «диплом II степени» тоже понятны. Пусто — участник.",
    ),
    Column("status", "Статус", ("Статус участника",), "", "Вместо «Результата» или рядом с ним."),
    Column("place", "Место", ("Занятое место",), "2"),
    Column("points", "Балл", ("Баллы", "Итоговый балл", "Сумма баллов", "Количество баллов", "Всего баллов"), "45,5"),
    Column("team", "Команда", ("Коллектив", "Название команды")),
    Column(
        "mentor", "Руководитель",
        ("Наставник", "ФИО наставника", "ФИО руководителя", "Учитель", "Педагог", "ФИО педагога", "ФИО учителя"),
        "Орлова М. П.", "", 24,
    ),
    Column(
        "grade_performed", "Выступает за класс",
        ("Класс участия", "Класс, за который выступает", "За какой класс выступает", "Класс выполнения"),
        "", "Если ученик выступал за другую параллель.",
    ),
]  # fmt: skip
_SUBJECT = Column("subject", "Предмет", ("Учебный предмет", "Дисциплина"), "Физика", "Как в справочнике портала.")
_OCCASION = [
    Column(
        "title", "Мероприятие",
        ("Название мероприятия", "Наименование мероприятия", "Конкурс", "Олимпиада", "Достижение", "Название"),
        "Конкурс чтецов «Живая классика»", "Обязательно.", 40,
    ),
    Column(
        "date", "Дата", ("Дата проведения", "Дата мероприятия", "Дата участия", "Когда"), "20.11.2026", "Обязательно."
    ),
    Column(
        "level", "Уровень", ("Уровень мероприятия", "Масштаб"), "муниципальный",
        "Школьный, муниципальный, региональный, всероссийский, международный.",
    ),
    Column(
        "sphere", "Сфера", ("Направление", "Направленность", "Вид деятельности", "Категория"), "культурно-творческая",
        "Учебная, научно-исследовательская, общественная, культурно-творческая, спортивная.", 24,
    ),
    Column("stage", "Этап", ("Этап ВсОШ",), "", "Школьный, муниципальный, региональный, заключительный этап ВсОШ."),
    Column("mode", "Форма участия", ("Форма проведения", "Форма"), "очно", "Очно или дистанционно."),
    Column("organiser", "Организатор", ("Организаторы",)),
]  # fmt: skip
_KEY = Column(
    "key", "Номер записи", ("№ записи", "Код записи", "Код", "ID", "Идентификатор"), "",
    "Номер записи в системе учёта, если он есть: по нему запись узнают в следующий раз.",
)  # fmt: skip

COLUMNS: dict[str, list[Column]] = {
    OLYMPIAD: [*_NAMES, _SUBJECT, *_RESULT],
    RECORD: [*_NAMES, *_OCCASION, _SUBJECT, *_RESULT, _KEY],
}
_ASKED = {OLYMPIAD: (), RECORD: ("title", "date")}
LAYOUTS = {
    purpose: Layout(
        tuple(one.heading for one in columns),
        tuple((*names, *_ASKED[purpose]) for names in (("full_name",), ("surname", "name"))),
    )
    for purpose, columns in COLUMNS.items()
}
# Explained in the template, but not offered in it.
_EXPLAINED_ONLY = ("surname", "name", "patronymic", "status", "key")
_RULES = [
    "Первая строка — заголовки. Столбцы можно переставлять, ненужные — удалить, лишние не мешают.",
    "Пример во второй строке замените своими данными.",
    "Ничего не сохранится, пока вы не посмотрите, что получится, и не подтвердите.",
    "Тот же файл можно загрузить ещё раз: изменится только то, что вы исправили. Чего в файле нет, остаётся.",
]


def read_rows(data: bytes, purpose: str) -> Table:
    """Located rows. Raises TableError with what is wrong and where."""
    table = tables.locate(tables.read(data), LAYOUTS[purpose])
    if not table.rows:
        raise TableError("Под заголовками нет ни одной строки.")
    if len(table.rows) > MOST_ROWS:
        raise TableError(f"В файле больше {MOST_ROWS} строк: загрузите его частями.")
    return table


def template(purpose: str) -> bytes:
    """The file to fill in."""
    offered = [one for one in COLUMNS[purpose] if one.key not in _EXPLAINED_ONLY]
    return book_of("Участники" if purpose == OLYMPIAD else "Достижения", offered, _RULES)
