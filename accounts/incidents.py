"""Reports about sign-in as those who handle them read them. Reads only."""

import datetime

from django.db.models import Prefetch, QuerySet

from accounts.blocking_scope import people_within, reports_within
from accounts.models import AccessReport, Block, Relation, User
from accounts.places import places_on, words_of

OPEN, CLOSED, EVERY = "", "closed", "all"


def listed(actor: User, filters: dict[str, str], date: datetime.date) -> QuerySet[AccessReport]:
    """The reports within one's scope that the filters choose: open ones oldest first, others newest first.

    Three queries more for any number of them say who each person is at school.
    """
    reports = reports_within(actor, date).matching(filters["q"])
    if filters["what"]:
        reports = reports.filter(what=filters["what"])
    if filters["state"] == OPEN:
        return with_people(reports.open().order_by("created_at", "pk"), date)
    if filters["state"] == CLOSED:
        reports = reports.filter(closed_at__isnull=False)
    return with_people(reports.order_by("-created_at", "-pk"), date)


def with_people(reports: QuerySet[AccessReport], date: datetime.date) -> QuerySet[AccessReport]:
    """Each report's person with the place at school on the date (`who`) and the standing block."""
    return reports.select_related("person", "closed_by").prefetch_related(
        *places_on(date, "person__"),
        Prefetch("person__children_relations", Relation.objects.living(date), to_attr="children_now"),
        Prefetch("person__blocks", Block.objects.standing().select_related("by"), to_attr="blocks_now"),
    )


def who(person: User | None) -> str:
    """«5 «А»», «учитель, родитель»; for people taken by `with_people`."""
    if person is None:
        return "такого логина нет"
    return words_of(person, is_parent=bool(person.children_now)) or "сейчас не учится и не работает"


def open_report_of(actor: User, person: User, date: datetime.date) -> AccessReport | None:
    """The report that an act with this person's account belongs to."""
    return reports_within(actor, date).open().filter(person=person).order_by("-last_at").first()


def may_block(actor: User, person: User | None, date: datetime.date) -> bool:
    """Is this person, other than oneself, within one's scope?"""
    return person is not None and person.pk != actor.pk and people_within(actor, date).filter(pk=person.pk).exists()
