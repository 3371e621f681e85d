"""`manage.py check_availability`: do the elements' addresses answer (5.6)? Run by a timer, every hour or two."""

import argparse
import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actor import Actor
from eios.lib import outside
from eios.lib.outside import Answer, Outcome
from resources import availability
from resources.actions.availability import forget_old_checks, record_check
from resources.models import Availability, Element

# So many sites do not fall silent at once: it is our own way out that is closed.
TELLING = 3


def few(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 32:
        raise argparse.ArgumentTypeError("от 1 до 32")
    return number


class Command(BaseCommand):
    help = "Проверить, отвечают ли адреса элементов"
    # Whom one may ask is no option and no setting: only tests put a server of their own here.
    rules = outside.OUTSIDE

    def add_arguments(self, parser):
        parser.add_argument("slug", nargs="*", help="адреса карточек; без них — все внешние элементы с адресом")
        parser.add_argument("--at-once", type=few, default=6, metavar="N", help="сколько проверять одновременно (6)")

    def handle(self, *, slug: list[str], at_once: int, **options):
        elements = self._elements(slug)
        answers = self._answers(elements, at_once)
        silent = [answer.outcome == Outcome.SILENT for answer in answers.values()]
        if len(silent) >= TELLING and all(silent):
            raise CommandError(
                f"Не ответил ни один из {len(silent)} адресов: похоже, у самого портала нет выхода в интернет. "
                "Ничего не записано."
            )
        by, now = Actor.command("check_availability"), timezone.now()
        states = [record_check(e, e.address, answers[e.address], by=by, at=now) for e in elements]
        self.stdout.write(self._line(states, forget_old_checks(now=now)))

    def _elements(self, slugs: list[str]) -> list[Element]:
        found = list(availability.asked(slugs))
        if missing := sorted(set(slugs) - {element.slug for element in found}):
            raise CommandError(f"Нет внешних элементов с веб-адресом: {', '.join(missing)}.")
        return found

    def _answers(self, elements: list[Element], at_once: int) -> dict[str, Answer]:
        """Answers by address: elements that share one ask once."""
        addresses, answers = {element.address for element in elements}, {}
        for address, answer in outside.ask_many(sorted(addresses), at_once, self.rules):
            answers[address] = answer
            if sys.stderr.isatty():
                last = "\n" if len(answers) == len(addresses) else ""
                sys.stderr.write(f"\rПроверяю: {len(answers)} из {len(addresses)}{last}")
        return answers

    @staticmethod
    def _line(states: list[Availability], forgotten: int) -> str:
        works = sum(state.works for state in states)
        refused = sum(state.is_refused for state in states)
        failed = sorted(state.element.slug for state in states if not state.works and not state.is_refused)
        named = f" ({', '.join(failed)})" if failed else ""
        return (
            f"Проверено элементов: {len(states)}, работают: {works}, не работают: {len(failed)}{named}, "
            f"не проверяются: {refused}. Удалено старых записей: {forgotten}."
        )
