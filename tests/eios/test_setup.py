"""A real school's first hour: `manage.py setup` from a file, from the terminal, and again."""

import io
import json
import os
import pty
import re
import select
import sys
import tomllib

import pytest
from django.core.management import CommandError, call_command

from accounts.models import SchoolCard, User
from eios import founding
from tests import ready
from tests.factories import make_person
from tests.installations import ROOT, Installation, new_installation

EXAMPLE = ROOT / "docs" / "setup-example.toml"
END_OF_INPUT = "\x04"
PASSWORD = "клюква растёт за рекой"
STATE = """
import json
from accounts.models import *
from resources.models import Element, Level
card = SchoolCard.current()
person = User.objects.order_by("pk").first()
print(json.dumps({
    "card": [card.full_name, card.short_name, card.mark, card.site, card.highest_grade, card.local_networks],
    "people": User.objects.count(),
    "platforms": Element.objects.filter(kind="external").count(),
    "sections": Element.objects.filter(kind="built_in").count() > 10,
    "levels": Level.objects.count(),
    "editions": AgreementEdition.objects.count(),
    "years": AcademicYear.objects.count(),
    "administrator": person and [
        person.username, person.get_full_name(), person.is_superuser, person.must_change_password,
        [row.title for row in person.appointments_now], [row.basis for row in person.appointments_now],
    ],
    "trail": sorted(set(AuditEntry.objects.values_list("actor_label", flat=True))),
}))
"""
SIGN_IN = """
from django.test import Client
from django.urls import reverse
client = Client(headers={"host": "localhost"})
answer = client.post(reverse("account_login"), {"login": "ivanovamp", "password": PASSWORD})
step = client.get("/cabinet/")
print(answer.status_code, step.status_code, bool(client.session.get("_auth_user_id")))
"""
FOUNDED = {
    "card": [
        "Муниципальное казённое общеобразовательное учреждение основная общеобразовательная школа № 29",
        "МКОУ ООШ № 29",
        "29",
        "http://school-29.ru/",
        9,
        "192.168.0.0/24",
    ],
    "people": 1,
    "platforms": 18,
    "sections": True,
    "levels": 6,
    "editions": 1,
    "years": 1,
    "administrator": [
        "ivanovamp",
        "Иванова Мария Петровна",
        True,
        True,
        ["системный администратор"],
        ["Приказ № 12-о от 01.09.2026"],
    ],
    "trail": ["команда setup"],
}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def untouched(tmp_path_factory, django_db_setup, django_db_blocker):
    """A migrated, empty installation for tests that write nothing."""
    with (
        django_db_blocker.unblock(),
        new_installation(tmp_path_factory.mktemp("untouched"), like=ready.migrated()) as place,
    ):
        yield place


@pytest.fixture
def empty(untouched, tmp_path):
    with new_installation(tmp_path / "school", like=untouched) as place:
        yield place


def state(place: Installation) -> dict:
    return json.loads(place.script(STATE))


def example(**replacements: str) -> str:
    text = EXAMPLE.read_text()
    for line, other in replacements.items():
        text = re.sub(rf"^{line} = .*$", other, text, flags=re.MULTILINE)
    return text


def test_an_empty_database_becomes_a_working_school(empty):
    done = empty.manage("setup", "--config", str(EXAMPLE))

    assert (done.returncode, done.stderr) == (0, "")
    assert state(empty) == FOUNDED
    password = re.search(r"^Пароль: (\S+)$", done.stdout, re.MULTILINE)[1]
    assert "Логин: ivanovamp\n" in done.stdout
    assert empty.script(f"PASSWORD = {password!r}{SIGN_IN}").startswith("302 302 True")
    pages = empty.script(
        "from django.test import Client\n"
        "client = Client(headers={'host': 'localhost'})\n"
        "print([client.get(path).status_code for path in ('/', '/elements/', '/login/')],"
        " 'МКОУ ООШ' in client.get('/').content.decode())"
    )
    assert pages == "[200, 200, 200] True"


def test_a_second_run_changes_nothing_and_an_update_only_what_differs(empty):
    empty.manage("setup", "--config", str(EXAMPLE))
    other = example(short_name='short_name = "Школа № 29"', surname='surname = "Петрова"')

    again = empty.manage("setup", "--config", "-", input=other)
    after_again = state(empty)
    updated = empty.manage("setup", "--config", "-", "--update", input=other)
    after_update = state(empty)

    assert (again.returncode, updated.returncode) == (0, 0)
    assert "Карточка школы: уже есть (МКОУ ООШ № 29), не изменена." in again.stdout
    assert "Системный администратор: уже есть — Иванова Мария Петровна (ivanovamp), не изменён." in again.stdout
    assert "Пароль" not in again.stdout + updated.stdout
    assert after_again == FOUNDED
    assert after_update == FOUNDED | {"card": [FOUNDED["card"][0], "Школа № 29", *FOUNDED["card"][2:]]}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[school\n", ["стандартный ввод, строка 1, знак 8: не читается как TOML. Проверьте кавычки и знак «=»."]),
        ('[schol]\nmark = "29"\n', ["стандартный ввод: незнакомый раздел [schol]."]),
        (
            example(highest_grade="highest_grade = 30", email='email = "почта"', surname="", short_name=""),
            [
                "стандартный ввод, [school], краткое наименование (short_name): Обязательное поле.",
                "стандартный ввод, [school], электронная почта (email): Введите правильный адрес электронной почты.",
                "стандартный ввод, [school], старший класс (highest_grade): "
                "Убедитесь, что это значение меньше либо равно 12.",
                "стандартный ввод, [administrator], фамилия (surname): Обязательное поле.",
                "стандартный ввод, [administrator], электронная почта (email): "
                "Введите правильный адрес электронной почты.",
            ],
        ),
        (
            example(local_networks='local_networks = ["192.168.0.0/99"]', time_zone='time_zone = "Москва"'),
            [
                "стандартный ввод, [school], сети школы (local_networks): Не похоже на сеть: "
                "«192.168.0.0/99». Пример: 192.168.0.0/24, по одной на строке.",
                "стандартный ввод, [school], часовой пояс (time_zone): "
                "Нет такого часового пояса: «Москва». Пример: Europe/Moscow.",
            ],
        ),
        (example(mark='marc = "29"'), ["стандартный ввод, [school]: незнакомый ответ «marc»."]),
    ],
    ids=["syntax", "section", "values", "networks", "key"],
)
def test_bad_answers_are_named_all_at_once_and_nothing_is_written(text, lines, monkeypatch):
    assert refusal(monkeypatch, text).splitlines() == lines
    assert (User.objects.count(), SchoolCard.current().short_name) == (0, "Школа")


def refusal(monkeypatch, text: str) -> str:
    """Why `setup` refuses these answers from the standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    with pytest.raises(CommandError) as refused:
        call_command("setup", config="-")
    return str(refused.value)


def test_a_weak_password_in_the_file_is_refused(monkeypatch):
    reason = refusal(monkeypatch, EXAMPLE.read_text() + 'password = "12345678"\n')

    assert reason.startswith("стандартный ввод, [administrator], пароль (password): ")
    assert User.objects.count() == 0


def test_a_missing_file_is_one_line():
    with pytest.raises(CommandError, match=r"^нет\.toml: файл не читается \(No such file or directory\)\.$"):
        call_command("setup", config="нет.toml")


def test_invented_people_are_not_mixed_with_real_ones(monkeypatch):
    make_person(is_demo=True)

    assert refusal(monkeypatch, EXAMPLE.read_text()).startswith("В этой базе демонстрационная школа.")
    assert User.objects.count() == 1


# Prompt → answer; a wrong answer is asked again at once.
CONVERSATION = [
    ("Полное наименование", ""),
    ("Обязательное поле", None),
    ("Полное наименование", "Основная школа № 7"),
    ("Краткое наименование", "ООШ № 7"),
    ("Название портала [ЭИОС школы]", ""),
    ("Знак в шапке [Ш]", "7"),
    ("Муниципальное образование", ""),
    ("Адрес", ""),
    ("Телефон", ""),
    ("Электронная почта", "без собаки"),
    ("правильный адрес электронной почты", None),
    ("Электронная почта", ""),
    ("Официальный сайт", "http://school-7.ru/"),
    ("Сети школы", "10.0.0.0/8, 192.168.1.0/24"),
    ("Часовой пояс [Europe/Moscow]", ""),
    ("Старший класс [9]", "11"),
    ("Фамилия", "Ёлкин"),
    ("Имя", "Пётр"),
    ("Отчество", ""),
    ("Электронная почта", ""),
    ("Приказ о назначении", ""),
    ("Пароль (пустой — придумать и напечатать)", PASSWORD),
    ("Пароль ещё раз", "другой"),
    ("Пароли не совпали", None),
    ("Пароль (пустой — придумать и напечатать)", PASSWORD),
    ("Пароль ещё раз", PASSWORD),
    ("Логин: elkinp", None),
]


def test_answers_typed_at_the_terminal(empty):
    said = talk(empty, CONVERSATION)

    found = state(empty)
    assert PASSWORD not in said
    assert found["card"] == [
        "Основная школа № 7", "ООШ № 7", "7", "http://school-7.ru/", 11, "10.0.0.0/8, 192.168.1.0/24"
    ]  # fmt: skip
    assert found["administrator"][:4] == ["elkinp", "Ёлкин Пётр", True, False]


def test_an_interrupted_conversation_writes_nothing(untouched):
    said = talk(untouched, [*CONVERSATION[:5], ("Знак в шапке", END_OF_INPUT)])

    assert "Прервано: ничего не записано." in said
    assert "Traceback" not in said
    assert state(untouched)["people"] == 0


def talk(place: Installation, conversation: list[tuple[str, str | None]]) -> str:
    """Answer the prompts of `setup` at a terminal of its own; everything that it said."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execve(sys.executable, [sys.executable, "manage.py", "setup"], place.environment)
    said, read_to = "", 0
    for prompt, answer in conversation:
        while prompt not in said[read_to:]:
            heard = listen(terminal)
            assert heard, f"«{prompt}» was not asked after:\n{said}"
            said += heard
        read_to = said.index(prompt, read_to) + len(prompt)
        if answer is not None:
            os.write(terminal, answer.encode() + (b"" if answer == END_OF_INPUT else b"\n"))
    while heard := listen(terminal):
        said += heard
    os.waitpid(pid, 0)
    os.close(terminal)
    return said


def listen(terminal: int) -> str:
    """The next piece that the terminal shows; empty when the program has ended or is silent for half a minute."""
    if not select.select([terminal], [], [], 30)[0]:
        return ""
    try:
        return os.read(terminal, 65536).decode(errors="replace")
    except OSError:
        return ""


def test_the_example_answers_every_question_that_has_no_default():
    tables = tomllib.loads(EXAMPLE.read_text())

    assert set(tables["school"]) == set(founding.SchoolForm.base_fields)
    assert set(tables["administrator"]) == set(founding.AdministratorForm.base_fields)
