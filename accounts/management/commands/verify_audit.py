"""`manage.py verify_audit`: has anybody tampered with the audit trail? Exit code 1 when so."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import sealing


class Command(BaseCommand):
    help = "Проверить, что опечатанный журнал аудита никто не правил"

    def add_arguments(self, parser):
        parser.add_argument("--heads", metavar="ФАЙЛ", type=Path, help="коды блоков, записанные вне базы")
        parser.add_argument("--head", metavar="НОМЕР:КОД", help="код одного блока, например с бумаги")

    def handle(self, *, heads: Path | None, head: str | None, **options):
        if heads and not heads.exists():
            raise CommandError(f"Нет файла {heads}.")
        try:
            recorded = sealing.heads_in(heads or Path(settings.AUDIT_HEADS))
            recorded += [sealing.head_from(head)] if head else []
            report = sealing.verify(recorded)
        except (ValueError, OSError) as error:
            raise CommandError(f"Коды блоков не читаются: {error}.") from error
        except sealing.Tampered as error:
            raise CommandError(f"Журнал нарушен. {error}") from error
        self._tell(report, bool(recorded))

    def _tell(self, report: sealing.Report, has_heads: bool) -> None:
        if report.blocks and not has_heads:
            self.stdout.write("Кодов блоков вне базы нет: обрезан ли конец журнала, сказать нельзя.")
        if report.suspicious:
            raise CommandError(
                f"Журнал подозрителен. Не опечатаны, хотя датированы раньше последней печати: {report.suspicious}, "
                f"первая №{report.first_suspicious}."
            )
        self.stdout.write(
            f"Журнал цел: блоков {report.blocks}, записей {report.entries}, ещё не опечатано {report.unsealed}. "
            f"Последний блок: {report.head or 'ещё нет'}"
        )
