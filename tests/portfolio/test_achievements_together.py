"""The pupil takes an entry back at the moment when two confirm it: one of them wins, and nothing is half done."""

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.models import AuditEntry
from portfolio.achievement_queue import seen_of
from portfolio.actions import achievement_checks, achievements
from portfolio.models import Achievement
from resources.actions.registry import load_registry
from tests.factories import make_class, make_employee, make_pupil
from tests.portfolio.factories import make_achievement
from tests.races import at_once


@pytest.mark.django_db(transaction=True)
@pytest.mark.clause("11.1")
def test_one_of_those_who_decide_at_once_wins():
    load_registry(by=Actor.command("проверка"))
    school_class = make_class(grade=8)
    pupil = make_pupil(school_class=school_class)
    leads = [make_employee(position="class_teacher", school_class=school_class) for _ in range(2)]
    entry = make_achievement(pupil, state="draft")
    entry.evidence.create(kind="order", title="Приказ № 1")
    entry = achievements.submit(entry, by=Actor(pupil, None, "ученик"))
    seen = seen_of(entry)

    def click(place: int) -> str:
        try:
            if place == 2:
                return achievements.take_back(entry, by=Actor(pupil, None, "ученик")).state
            return achievement_checks.confirm(entry, seen=seen, by=Actor(leads[place], None, "учитель")).state
        except ValidationError:
            return "refused"

    found = at_once(click, 3)
    state = Achievement.objects.get().state
    assert sorted(found) == sorted([state, "refused", "refused"])
    decided = AuditEntry.objects.filter(action__in=("achievement.confirmed", "achievement.taken_back"))
    assert [one.action for one in decided] == [
        {"confirmed": "achievement.confirmed", "draft": "achievement.taken_back"}[state]
    ]
