"""`manage.py backup`: a consistent copy of a live portal in one file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actor import Actor
from eios import backup
from eios.management.progress import megabytes, progress

FOLDER = "backups"
KEYS_REMINDER = (
    "Ключей (SECRET_KEY, FIELD_KEYS, AUDIT_KEY) внутри нет. Без FIELD_KEYS не прочитать зашифрованное, "
    "без AUDIT_KEY не проверить журнал аудита: храните их отдельно от копий."
)


class Command(BaseCommand):
    help = "Сохранить базу и файлы портала в один файл; портал при этом работает"

    def add_arguments(self, parser):
        parser.add_argument(
            "--to", metavar="ФАЙЛ", help="файл или папка; без этого — папка backups рядом с папкой файлов"
        )

    def handle(self, *, to: str | None, **options):
        target = Path(to) if to else settings.MEDIA_ROOT.parent / FOLDER
        if not to or target.is_dir():
            target = target / backup.default_name(timezone.localtime())
        try:
            manifest, damaged = backup.create(target, progress("Копирую"), by=Actor.command("backup"))
        except backup.BackupError as error:
            raise CommandError(f"Копия не сделана: {error}.") from error
        held = f"строк в базе {manifest.rows}, файлов {manifest.media_count}"
        self.stdout.write(f"Копия готова: {target} — {megabytes(target.stat().st_size)}, {held}.\n{KEYS_REMINDER}")
        if damaged:
            raise CommandError(
                f"Внимание: у файлов портала нет содержимого или оно повреждено — {len(damaged)}, первый {damaged[0]}. "
                "В копию вошло то, что есть; недостающее ищите в прежних копиях."
            )
