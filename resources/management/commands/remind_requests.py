"""`manage.py remind_requests`: reminds administrators of elements of old requests; run it once a day."""

import zoneinfo

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import SchoolCard
from resources.actions.requests import remind


class Command(BaseCommand):
    help = "Напомнить администраторам элементов о заявках, которые ждут дольше трёх дней"

    def handle(self, **options):
        with timezone.override(zoneinfo.ZoneInfo(SchoolCard.current().time_zone)):
            told, count = remind(timezone.now(), by=Actor.command("remind_requests"))
        self.stdout.write(f"Старых заявок: {count}, напоминаний: {told}.")
