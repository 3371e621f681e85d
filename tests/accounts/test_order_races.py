"""One effect under any number of clicks, and none at all when the process dies half-way (6.5, 6.7)."""

import datetime
import os
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection

from accounts.actions import execution
from accounts.models import AuditEntry, Enrolment, Order, OrderEffect, OrderKind, User
from tests.accounts.test_orders import BY, make_order, newcomer
from tests.factories import make_class

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS, LINES = 50, 300

# Carries the order out, and stands still once the facts are written and the effects are about to be.
DIE_HALF_WAY = """
import time, django
django.setup()
from django.db import connection
from accounts.actions import execution
from accounts.actor import Actor
from accounts.models import Order

def pause(execute, sql, params, many, context):
    if sql.startswith('INSERT INTO "accounts_ordereffect"'):
        print("half-way", flush=True)
        time.sleep(60)
    return execute(sql, params, many, context)

with connection.execute_wrapper(pause):
    execution.execute(Order.objects.get(), by=Actor.command("проверка"))
"""


def class_order(count: int) -> Order:
    five = make_class(grade=5)
    born = datetime.date(2015, 3, 4)
    lines = [newcomer(name=f"Имя{number}", birth_date=born, school_class=five) for number in range(count)]
    return make_order(OrderKind.ENROLMENT, lines)


@pytest.mark.clause("6.5")
def test_fifty_clicks_at_once_have_one_effect():
    order, outcomes = class_order(2), []
    ready = threading.Barrier(CLICKS)

    def click():
        ready.wait()
        try:
            execution.execute(Order.objects.get(pk=order.pk), by=BY)
            outcomes.append("done")
        except ValidationError as refusal:
            outcomes.append(refusal.messages[0])
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(CLICKS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(["done"] + ["Приказ уже исполнен."] * (CLICKS - 1))
    assert (Enrolment.objects.count(), User.objects.count(), OrderEffect.objects.count()) == (2, 2, 4)
    assert AuditEntry.objects.filter(action="order.executed").count() == 1


def database_url() -> str:
    """The test's own database, for another process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def test_a_process_killed_half_way_leaves_nothing():
    class_order(LINES)
    before = AuditEntry.objects.count()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()}
    worker = subprocess.Popen([sys.executable, "-c", DIE_HALF_WAY], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert worker.stdout.readline().strip() == "half-way"
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.kill()
        worker.wait()
        worker.stdout.close()
    assert (User.objects.count(), Enrolment.objects.count(), OrderEffect.objects.count()) == (0, 0, 0)
    assert AuditEntry.objects.count() == before
    order = Order.objects.get()
    assert order.state == Order.State.SIGNED
    execution.execute(order, by=BY)
    assert (User.objects.count(), Enrolment.objects.count()) == (LINES, LINES)
