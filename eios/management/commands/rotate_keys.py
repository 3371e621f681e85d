"""`manage.py rotate_keys`: everything sealed goes over to the first key of FIELD_KEYS; `--check` only counts."""

from collections import Counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import rotation
from accounts.actions import keys
from accounts.actor import Actor
from eios.lib import crypto, russian
from eios.management.progress import progress


def _rows(count: int) -> str:
    return f"{count} {russian.plural(count, 'строка', 'строки', 'строк')}"


def _told(counts: Counter[str]) -> str:
    """«12 строк (второй шаг входа — 10, учётные данные платформ — 2)»"""
    parts = ", ".join(f"{title} — {count}" for title, count in sorted(counts.items()))
    return f"{_rows(counts.total())} ({parts})"


class Command(BaseCommand):
    help = "Перевести всё зашифрованное на первый ключ настройки FIELD_KEYS"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="только сосчитать строки по ключам, ничего не меняя")

    def handle(self, *, check: bool, **options):
        if check:
            self._check()
        else:
            self._rotate()

    def _check(self) -> None:
        usage = rotation.usage()
        for name in [*settings.FIELD_KEYS, *sorted(set(usage) - set(settings.FIELD_KEYS))]:
            counts = _told(usage[name]) if name in usage else "ничего не закрыто: этот ключ больше не нужен"
            if name == crypto.first_key():
                counts = _told(usage[name]) if name in usage else "пока ничего не закрыто"
            note = " — первый, им шифруется новое" if name == crypto.first_key() else ""
            lost = "" if name in settings.FIELD_KEYS else " — КЛЮЧА НЕТ в FIELD_KEYS"
            self.stdout.write(f"Ключ «{name}»{note}{lost}: {counts}.")
        if missing := sorted(set(usage) - set(settings.FIELD_KEYS)):
            raise CommandError(f"В FIELD_KEYS нет нужных ключей: {', '.join(missing)}.")

    def _rotate(self) -> None:
        outcome = keys.rotate(progress("Перешифровываю", _rows), by=Actor.command("rotate_keys"))
        self.stdout.write(f"На ключ «{crypto.first_key()}» переведено: {_rows(outcome.rotated)}.")
        if outcome.is_whole:
            self.stdout.write("Всё зашифрованное закрыто первым ключом: прежние ключи можно убрать из FIELD_KEYS.")
            return
        raise CommandError(" ".join(self._troubles(outcome)))

    @staticmethod
    def _troubles(outcome: keys.Outcome) -> list[str]:
        found = [
            f"Нет ключа «{name}» в FIELD_KEYS: он нужен, чтобы открыть ещё {_told(counts)}. Эти строки не изменены: "
            "верните ключ в конец списка и запустите команду снова."
            for name, counts in sorted(outcome.missing.items())
        ]
        if outcome.damaged:
            found.append(f"Не открываются, повреждены или перенесены из другой записи: {', '.join(outcome.damaged)}.")
        if outcome.changed_meanwhile:
            found.append(f"Изменились, пока шла работа: {_rows(outcome.changed_meanwhile)}. Запустите команду ещё раз.")
        return found
