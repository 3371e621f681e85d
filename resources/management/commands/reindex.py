"""`manage.py reindex`: the index of the search anew; after an upgrade, a restore, or rows changed past the portal."""

import sys

from django.core.management.base import BaseCommand

from resources.actions.search import reindex


class Command(BaseCommand):
    help = "Построить указатель поиска заново (люди в это время работают и ищут)"

    def handle(self, **options):
        counts = reindex(self._tell)
        parts = ", ".join(f"{title.lower()} — {count}" for title, count in counts.items())
        self.stdout.write(f"Указатель поиска построен: {parts}.")

    @staticmethod
    def _tell(title: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{title}: {done} из {total}" + ("\n" if done == total else ""))
