"""`manage.py restore`: a copy made by `backup` into an empty installation."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from accounts.actions import outbox
from accounts.actor import Actor
from eios import backup
from eios.management.progress import progress


class Command(BaseCommand):
    help = "Восстановить портал из копии в пустую установку; портал должен быть остановлен"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="ФАЙЛ", type=Path)
        parser.add_argument("--check", action="store_true", help="только проверить копию, ничего не меняя")
        parser.add_argument("--other-keys", action="store_true", help="восстановить, хотя ключи установки другие")

    def handle(self, *, file: Path, check: bool, other_keys: bool, **options):
        try:
            manifest = backup.verify(file, progress("Проверяю"))
            if not check:
                backup.check_fits(manifest, other_keys=other_keys)
                backup.check_empty()
                backup.restore(file, manifest, progress("Восстанавливаю"))
        except backup.BackupError as error:
            raise CommandError(f"{'Копия не годится' if check else 'Восстановление не выполнено'}: {error}.") from error
        about = f"от {manifest.day}: строк в базе {manifest.rows}, файлов {manifest.media_count}"
        if check:
            self.stdout.write(f"Копия цела, {about}.")
            return
        call_command("migrate", interactive=False, verbosity=0)
        outbox.drop_unfinished()
        backup.note_restored(manifest, by=Actor.command("restore"))
        self.stdout.write(f"Портал восстановлен из копии {about}. Можно запускать.")
