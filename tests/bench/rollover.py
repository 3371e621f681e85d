"""How long the change of the year takes on the school in the database; everything is taken back at the end.

python manage.py demo --pupils 1000 --teachers 40 && python -m tests.bench.rollover
"""

import os
import time
from collections.abc import Callable

import django
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eios.settings")
django.setup()

from accounts.actions import execution, orders  # noqa: E402 (models want Django set up)
from accounts.actions import rollover as actions  # noqa: E402
from accounts.actor import Actor  # noqa: E402
from accounts.models import AcademicYear  # noqa: E402
from accounts.rollover import checks, classes  # noqa: E402
from accounts.rollover.pupils import Preview  # noqa: E402
from eios.lib.dates import today  # noqa: E402


def timed(title: str, work: Callable):
    """Does it, and prints a line: seconds and queries."""
    with CaptureQueriesContext(connection) as context:
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
    print(f"{title:<44} {seconds:6.2f} s {len(context):5} queries")  # noqa: T201
    return result


@transaction.atomic
def run() -> None:
    by = Actor.command("bench")
    rollover = actions.start(AcademicYear.objects.on(today()).get(), by=by)
    before = Preview(rollover, today())
    names = {one.school_class: one.name for one in classes.proposals(before)}
    timed("classes", lambda: actions.set_classes(rollover, names, classes.first_classes(before), by=by))
    rows = timed("preview of the whole school", lambda: Preview(rollover, today()).rows)
    timed("checks", lambda: checks.run(Preview(rollover, today())))
    timed(f"drafts for {len(rows)} pupils", lambda: actions.draft_orders(rollover, by=by))
    timed("drafts once more", lambda: actions.draft_orders(rollover, by=by))
    for order in rollover.orders.all():
        orders.change_order(order, by=by, number=f"bench-{order.pk}", signatory_name="Директор")
        signed = orders.sign(order, by=by)
        count = signed.lines.count()
        timed(f"execution: {order.kind}, {count} pupils", lambda order=signed: execution.execute(order, by=by))
    transaction.set_rollback(True)


if __name__ == "__main__":
    run()
