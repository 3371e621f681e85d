"""`manage.py send_letters`: sends the letters of the outbox; run it every few minutes, and with --digest once a day."""

import zoneinfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions import outbox
from accounts.models import SchoolCard
from eios.lib.dates import today


class Command(BaseCommand):
    help = "Отправить письма, которые ждут отправки"

    def add_arguments(self, parser):
        parser.add_argument("--digest", action="store_true", help="сначала написать сводки за день и убрать старое")

    def handle(self, *, digest: bool, **options):
        with timezone.override(zoneinfo.ZoneInfo(SchoolCard.current().time_zone)):
            line = self._daily() if digest else ""
            tally = outbox.send_letters()
        line += (
            f"Отправлено писем: {tally.sent}, отложено: {tally.postponed}, не ушло: {tally.failed}, "
            f"отменено: {tally.dropped}."
        )
        if tally.unreachable:
            raise CommandError(f"{line} Почтовый сервер недоступен: {tally.unreachable}. Остальные письма ждут.")
        self.stdout.write(line)

    @staticmethod
    def _daily() -> str:
        written = outbox.write_digests(today())
        read, letters = outbox.clean(timezone.now())
        return f"Сводок написано: {written}; убрано старых уведомлений: {read}, писем: {letters}. "
