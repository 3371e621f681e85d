"""`manage.py setup`: a real school's first hour, asked at the terminal or read from a TOML file."""

import getpass
import sys
from pathlib import Path

from django import forms
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.actor import Actor
from eios import founding
from eios.forms import AdministratorForm, SchoolForm
from resources.importing import RegistryFileError

EXAMPLES = {
    "full_name": "Муниципальное казённое общеобразовательное учреждение основная общеобразовательная школа № 29",
    "short_name": "МКОУ ООШ № 29",
    "portal_name": "ЭИОС школы № 29",
    "mark": "29",
    "site": "http://school-29.ru/",
    "local_networks": "192.168.0.0/24, через запятую",
}
SOURCE = "ответы"
INTRODUCTION = (
    "Первый час школы. Пустой ответ оставляет то, что в скобках. Ничего не записывается до последнего ответа."
)
NEXT = (
    "При первом входе портал попросит принять соглашение и настроить второй фактор (приложение с кодами): "
    "для системного администратора он обязателен."
)


class Command(BaseCommand):
    help = "Первый час школы: карточка, системный администратор, 18 платформ, уровни, первое соглашение"

    def add_arguments(self, parser):
        parser.add_argument("--config", metavar="ФАЙЛ", help="ответы из файла TOML; «-» — со стандартного ввода")
        parser.add_argument(
            "--update", action="store_true", help="поправить карточку школы и реестр, если они уже есть"
        )

    def handle(self, *, config: str | None, update: bool, **options):
        try:
            founding.check_may_found()
            given, source = self._from_file(config) if config else (self._ask(update), SOURCE)
            answers = founding.check(given, source, update=update and bool(given["school"]))
            outcome = founding.found(answers, by=Actor.command("setup"), update=update)
        except (founding.AnswersError, RegistryFileError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except (EOFError, KeyboardInterrupt) as error:
            raise CommandError("\nПрервано: ничего не записано.") from error
        self._report(outcome)

    def _from_file(self, config: str) -> tuple[dict, str]:
        source = "стандартный ввод" if config == "-" else config
        try:
            text = sys.stdin.read() if config == "-" else Path(config).read_text(encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{source}: файл не читается ({error.strerror}).") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{source}: файл должен быть в кодировке UTF-8.") from error
        return founding.read_toml(text, source), source

    def _ask(self, update: bool) -> dict:
        given = {"school": {}, "administrator": {}}
        ask_school, ask_administrator = update or not founding.has_card(), founding.administrator() is None
        if ask_school or ask_administrator:
            self.stdout.write(INTRODUCTION)
        if ask_school:
            self.stdout.write("\nШкола")
            given["school"] = self._ask_form(SchoolForm, founding.card_answers())
        if ask_administrator:
            self.stdout.write("\nСистемный администратор")
            given["administrator"] = self._ask_form(AdministratorForm, {})
            given["administrator"]["password"] = self._ask_password(given["administrator"])
        return given

    def _ask_form(self, form: type[forms.BaseForm], present: dict[str, str]) -> dict[str, str]:
        return {
            name: self._ask_field(form, name, field.label, present.get(name, ""))
            for name, field in form.base_fields.items()
        }

    def _ask_field(self, form: type[forms.BaseForm], name: str, label: str, present: str) -> str:
        hint = f" [{present}]" if present else f" (например: {EXAMPLES[name]})" if name in EXAMPLES else ""
        while True:
            value = input(f"  {label.capitalize()}{hint}: ").strip() or present
            problem = founding.field_problem(form, name, value)
            if not problem:
                return value
            self.stdout.write(f"    {problem}")

    def _ask_password(self, person: dict[str, str]) -> str:
        while True:
            password = getpass.getpass("  Пароль (пустой — придумать и напечатать): ")
            repeated = getpass.getpass("  Пароль ещё раз: ") if password else ""
            problems = founding.password_problems(password, repeated, person, SOURCE)
            if not problems:
                return password
            for problem in problems:
                self.stdout.write(f"    {problem.partition(': ')[2]}")

    def _report(self, outcome: founding.Outcome) -> None:
        self.stdout.write("\n".join(outcome.done))
        if outcome.login:
            self.stdout.write(f"\nЛогин: {outcome.login}")
        if outcome.new_password:
            self.stdout.write(f"Пароль: {outcome.new_password}\nОн показан один раз и меняется при первом входе.")
        if outcome.login:
            self.stdout.write(NEXT)
