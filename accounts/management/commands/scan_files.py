"""`manage.py scan_files`: looks for viruses in the files that could not be checked when they came."""

from django.core.management.base import BaseCommand, CommandError

from accounts import scanning
from accounts.actions import files
from accounts.actor import Actor
from accounts.models import StoredFile


class Command(BaseCommand):
    help = "Проверить на вирусы файлы, которые ждут проверки"

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="проверить заново и все остальные файлы")

    def handle(self, *, all: bool, **options):  # noqa: A002 - the option's name
        if not scanning.is_configured():
            raise CommandError("Проверка на вирусы не настроена: задайте CLAMD (узел:порт или путь сокета).")
        found = StoredFile.objects.all() if all else StoredFile.objects.filter(state=StoredFile.State.WAITING)
        states = [self._scan(file) for file in found.order_by("created_at")]
        refused, failed = states.count(StoredFile.State.REFUSED), states.count(None)
        line = f"Проверено файлов: {len(states) - failed}, с вирусами: {refused}, не удалось проверить: {failed}."
        if failed:
            raise CommandError(line)
        self.stdout.write(line)

    def _scan(self, file: StoredFile) -> str | None:
        try:
            return files.rescan(file, by=Actor.command("scan_files"))
        except scanning.ScannerUnreachable as error:
            self.stderr.write(f"{file.key}: {error}")
            return None
