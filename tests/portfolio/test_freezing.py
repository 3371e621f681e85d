"""A frozen portfolio refuses every action that writes into one (11): the list of actions is closed."""

import importlib
import inspect
import pkgutil

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actor import Actor
from accounts.models.credentials import digest
from portfolio import actions
from portfolio.achievement_queue import seen_of
from portfolio.actions import achievement_checks, achievements, events, invitations, life, reviews, shares, works
from portfolio.events import Participant
from portfolio.freezing import FROZEN
from portfolio.models import Achievement, Invitation, Portfolio, PortfolioRules, Work, WorkAuthor
from portfolio.reviews import Draft
from tests import factories
from tests.portfolio import factories as made

pytestmark = [pytest.mark.django_db, pytest.mark.clause("11.1")]
# What writes into no portfolio, or only ends what was let out of one.
ELSEWHERE = {
    "achievements.why_locked": "asks", "achievement_checks.list_of": "asks", "events.known": "asks",
    "events.occasion_of": "asks", "events.refuse_frozen_among": "asks", "events.entries_of": "saves nothing",
    "events.drop": "called by others that refuse", "reviews.page_of": "asks",
    "works.page_of": "asks", "works.leave": "consent is withdrawn at any time",
    "telling.tell_entered": "tells of what others have written",
    "life.freeze_many": "freezes", "life.issue_links": "hands over",
    "imports.take_file": "keeps a file", "imports.decide": "whom names mean",
    "imports.apply_batch": "tests/portfolio/test_imports.py", "imports.undo_batch": "tests/portfolio/test_imports.py",
    "points.save_table": "the school's", "rubrics.save_rubric": "the school's", "rubrics.retire": "the school's",
    "rubrics.save_rules": "the school's", "shares.withdraw": "ends a share", "shares.count_view": "a count",
    "invitations.revoke": "ends a link", "exports.begun": "saves nothing", "exports.keep": "takes out",
    "exports.withdraw": "ends an export", "life.freeze": "freezes", "life.unfreeze": "opens again",
    "life.issue_link": "hands over", "life.revoke_link": "ends a link", "life.use_link": "hands over",
}  # fmt: skip


def test_every_action_that_writes_into_a_frozen_portfolio_is_refused(site):
    tries = _tries(site)
    known = {
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(actions.__path__)
        for name, value in vars(importlib.import_module(f"portfolio.actions.{module.name}")).items()
        if inspect.isfunction(value) and not name.startswith("_")
        and inspect.unwrap(value).__module__ == f"portfolio.actions.{module.name}"
    }  # fmt: skip
    assert known == set(tries) | set(ELSEWHERE)
    before = _written()
    assert {name: _refusal(attempt) for name, attempt in tries.items()} == dict.fromkeys(tries, True)
    assert _written() == before


def _refusal(attempt) -> bool:
    """Refused as frozen: raised, or told of what was passed over; to an outsider the link is dead, and no more."""
    try:
        found = attempt()
    except ValidationError as refusal:
        return refusal.messages[0].startswith((FROZEN, reviews.DEAD))
    return FROZEN in str(found)


def _written() -> list:
    """All that stands in portfolios."""
    return [list(model.objects.order_by("pk").values()) for model in (Achievement, Portfolio, Work, WorkAuthor)]


def _tries(site) -> dict:
    """Each action, asked of the frozen portfolio of a pupil who has something in every state, by one who else may."""
    room = factories.make_class(grade=9)
    pupil, mate = factories.make_pupil(school_class=room, age=15), factories.make_pupil(school_class=room, age=15)
    deputy, parent = factories.make_employee(position="deputy"), factories.make_parent(child=pupil)
    made.let_show(pupil, parent)
    PortfolioRules.objects.update_or_create(pk=1, defaults={"outsiders_review": True})
    own, school, other = (Actor(person, None, "тест") for person in (pupil, deputy, mate))
    draft, sure, twin = (made.make_achievement(pupil, state=one) for one in ("draft", "confirmed", "confirmed"))
    waiting = made.make_achievement(pupil, state="submitted", submitted_at=timezone.now())
    event = made.make_event(created_by=deputy)
    taking = made.make_achievement(pupil, origin="staff", event=event, title=event.title)
    work, closed, bare = (
        made.make_work(pupil),
        made.make_work(pupil, submitted=False),
        made.make_work(pupil, sealed=False),
    )
    version, unsealed = work.versions.get(), bare.versions.get()
    named = bare.authors.create(person=mate)
    theirs = made.make_work(mate, sealed=False)
    asked = theirs.authors.create(person=pupil)
    review = made.make_review(version, parent, capacity="parent")
    unread = made.make_review(version, mate, capacity="pupil", state="waiting")
    invited = Invitation.objects.create(
        version=version, name="Имя", role="учёный", digest=digest("code"), created_by=pupil,
        expires_at=timezone.now() + made.TERM,
    )  # fmt: skip
    life.freeze(pupil, "Приказ № 5", by=school)
    seen, said = seen_of(waiting), Draft(text="Хорошо")
    event.level = "regional"
    return {
        "achievements.save_draft": lambda: achievements.save_draft(draft, achievements.Asked(), by=own),
        "achievements.submit": lambda: achievements.submit(draft, by=own),
        "achievements.take_back": lambda: achievements.take_back(waiting, by=own),
        "achievements.remove": lambda: achievements.remove(draft, by=own),
        "achievements.renew": lambda: achievements.renew(sure, by=own),
        "achievement_checks.confirm": lambda: achievement_checks.confirm(waiting, seen=seen, by=school),
        "achievement_checks.confirm_many": lambda: achievement_checks.confirm_many([(waiting.pk, seen)], by=school),
        "achievement_checks.send_back": lambda: achievement_checks.send_back(waiting, "Так", seen=seen, by=school),
        "achievement_checks.mark_same": lambda: achievement_checks.mark_same(twin, sure, by=school),
        "events.save_event": lambda: events.save_event(event, by=school),
        "events.remove_event": lambda: events.remove_event(event, by=school),
        "events.add_participants": lambda: events.add_participants(
            made.make_event(title="Другое", created_by=deputy), [Participant(pupil, "winner")], by=school
        ),
        "events.change_participant": lambda: events.change_participant(taking, by=school),
        "events.remove_participant": lambda: events.remove_participant(taking, by=school),
        "works.add_work": lambda: works.add_work(Work(title="Ещё", kind="essay", sphere="arts"), by=own),
        "works.change_card": lambda: works.change_card(work, by=own),
        "works.remove": lambda: works.remove(bare, by=own),
        "works.save_version": lambda: works.save_version(unsealed, works.Asked(), by=own),
        "works.seal": lambda: works.seal(unsealed, by=own),
        "works.begin_next": lambda: works.begin_next(work, by=own),
        "works.submit": lambda: works.submit(closed, by=own),
        "works.take_back": lambda: works.take_back(work, by=own),
        "works.name_author": lambda: works.name_author(theirs, pupil, by=other),
        "works.agree": lambda: works.agree(asked, by=own),
        "works.decline": lambda: works.decline(asked, by=own),
        "works.remove_author": lambda: works.remove_author(named, by=own),
        "reviews.write": lambda: reviews.write(version, said, by=school),
        "reviews.write_invited": lambda: reviews.write_invited(invited, said, by=Actor(None, None, "ссылка")),
        "reviews.publish": lambda: reviews.publish(unread, by=school),
        "reviews.publish_many": lambda: reviews.publish_many([unread.pk], by=school),
        "reviews.decline": lambda: reviews.decline(unread, "Так", by=school),
        "reviews.revoke": lambda: reviews.revoke(review, "Так", by=school),
        "reviews.answer": lambda: reviews.answer(review, "Спасибо", by=own),
        "invitations.invite": lambda: invitations.invite(version, name="Имя", role="учёный", by=own),
        "shares.save_cover": lambda: shares.save_cover(pupil, motto="Новый", about="", cover=None, by=own),
        "shares.share": lambda: shares.share(
            pupil, shares.Asked(achievements=[], works=[work], days=5), by=own
        ),
    }  # fmt: skip
