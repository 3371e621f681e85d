"""`manage.py remind_documents`: reminds people of documents that they must read and have not; run it once a day."""

import zoneinfo

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import SchoolCard
from eios.lib.dates import today
from resources.actions.reading import remind


class Command(BaseCommand):
    help = "Напомнить о документах и новых редакциях тем, кто обязан их прочитать и ещё не прочитал"

    def handle(self, **options):
        with timezone.override(zoneinfo.ZoneInfo(SchoolCard.current().time_zone)):
            told, count = remind(today(), by=Actor.command("remind_documents"))
        self.stdout.write(f"Документов: {count}, напоминаний: {told}.")
