"""Two people apply the same marks at once: one is taken, the other is told (7.1)."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.batches.unpacking import Given
from journal.actions import imports as actions
from journal.importing.plan import plan_of
from journal.models import Mark
from tests.journal.importing import DATE, SAMPLE, load


@pytest.mark.django_db(transaction=True)
def test_one_is_taken_and_the_other_told(subjects, pupil, by):
    batches = [load([Given(name, SAMPLE.read_bytes())], by, apply=False) for name in ("a.html", "b.html")]
    seen = {batch.pk: plan_of(batch, asker=by.person, date=DATE).mark for batch in batches}
    start, told = threading.Barrier(2), []

    def apply(batch) -> None:
        start.wait(10)
        try:
            told.append(actions.apply_batch(batch, seen=seen[batch.pk], by=by)["new"] > 0)
        except ValidationError as refusal:
            told.append(refusal.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=apply, args=[batch]) for batch in batches]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    [words] = [one for one in told if one is not True]
    assert told.count(True) == 1
    assert "данные изменились" in words
    assert Mark.objects.values("batch").distinct().count() == 1
