"""`manage.py seal_audit`: seals what the audit trail has gained; run it by schedule, say every ten minutes."""

from django.core.management.base import BaseCommand, CommandError

from accounts import sealing
from accounts.models import AuditBlock


class Command(BaseCommand):
    help = "Опечатать новые записи журнала аудита и записать код последнего блока вне базы"

    def add_arguments(self, parser):
        parser.add_argument(
            "--accept-late", action="store_true", help="опечатать и записи, датированные раньше прошлой печати"
        )

    def handle(self, *, accept_late: bool, **options):
        try:
            heads = [self._told(head) for head in sealing.seal(accept_late=accept_late)]
        except (sealing.SealingRefused, OSError) as error:
            raise CommandError(f"Журнал не опечатан: {error}.") from error
        if not heads:
            self.stdout.write(f"Опечатывать нечего. Последний блок: {sealing.last_head() or 'ещё нет'}")
        late = sealing.suspicious(AuditBlock.objects.order_by("-number").first())
        if count := late.count():
            raise CommandError(
                f"Не опечатаны подозрительные записи: {count}, первая №{late.values_list('pk', flat=True).first()}. "
                "Они датированы раньше прошлой печати. Разберитесь, откуда они, затем запустите с --accept-late."
            )

    def _told(self, head: sealing.Head) -> sealing.Head:
        self.stdout.write(str(head))
        return head
