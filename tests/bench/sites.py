"""Fills one of the two sites and tells of it in JSON: sessions, logins, and the queries of every page.

A process of its own, with the settings of that site: python -m tests.bench.sites portal 1000
"""

import datetime
import json
import random
import sys

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.targets import PEOPLE, PORTAL, TARGETS, Target

SESSIONS = 100  # of every kind of people


def fill_portal(pupils: int) -> None:
    """The demo school, and the static files as a real portal serves them."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("demo", pupils=pupils, stdout=sys.stderr)


def fill_limit() -> None:
    # The readers' table comes first: the limit's own tables, made without migrations, refer to it.
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    user, shelf, book = get_user_model(), apps.get_model("limit.Shelf"), apps.get_model("limit.Book")
    user.objects.bulk_create(
        user(username=f"reader{n}", first_name="Name", last_name="Reader") for n in range(SESSIONS)
    )
    shelves = shelf.objects.bulk_create(shelf(name=f"Shelf {n}") for n in range(12))
    book.objects.bulk_create(book(name=f"Book {n * 7919}", shelf=shelves[n % 12], readers=n) for n in range(500))
    fill_lessons()


def fill_lessons() -> None:
    """Eight subjects of sixty meetings in each of ten groups; a reader has a mark at six meetings of ten, some 280."""
    lesson, mark = apps.get_model("limit.Lesson"), apps.get_model("limit.Mark")
    first, rng = datetime.date(2026, 9, 1), random.Random(7)  # noqa: S311 (marks, not secrets)
    lessons = lesson.objects.bulk_create(
        lesson(subject=f"Subject {subject}", group=group, date=first + datetime.timedelta(days=2 * n))
        for group in range(1, 11) for subject in range(1, 9) for n in range(60)
    )  # fmt: skip
    readers = list(get_user_model().objects.order_by("last_name", "pk"))
    marks = [
        mark(lesson=one, reader=reader, value=rng.choice((2, 3, 4, 4, 5, 5)))
        for place, reader in enumerate(readers) for one in lessons
        # The first thirty are the grid's; there the first subject has a mark in every cell.
        if one.group == (1 if place < 30 else 1 + place % 10) and (one.subject == "Subject 1" or rng.random() < 0.52)
    ]  # fmt: skip
    rng.shuffle(marks)
    mark.objects.bulk_create(marks, batch_size=5000)


def people(logins: str):
    return get_user_model().objects.filter(username__regex=logins).order_by("pk")


def sessions_of(logins: str) -> list[str]:
    """Cookies of people who are signed in; where there are few people, with several sessions each."""
    found = list(people(logins)[:SESSIONS])
    if not found:
        raise SystemExit(f"Некому входить: нет логинов вида {logins}")
    return [_session_of(found[number % len(found)]) for number in range(SESSIONS)]


def _session_of(person) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def queries_of(target: Target, sessions: dict[str, list[str]]) -> int:
    """Queries of a second visit: the first one fills what a worker keeps in memory."""
    client = Client(headers={"host": "localhost", "cookie": sessions[target.who][0] if target.who else ""})
    first = client.get(target.path)
    with CaptureQueriesContext(connection) as captured:
        client.get(target.path, headers={"if-none-match": first["ETag"]} if target.again else {})
    return len(captured)


def counted(site: str, sessions: dict[str, list[str]], *, late: bool) -> dict[str, int]:
    """Queries by the name of the page; late pages of the portal are counted when its registry has grown."""
    chosen = (one for one in TARGETS if one.site == site and (site != PORTAL or one.late == late) and not one.saves)
    return {target.name: queries_of(target, sessions) for target in chosen}


def main(site: str, pupils: int) -> None:
    django.setup()
    fill_portal(pupils) if site == PORTAL else fill_limit()
    sessions = {who: sessions_of(logins) for who, logins in PEOPLE[site].items()}
    with connection.cursor() as cursor:
        # Before this PostgreSQL plans for empty tables, and the figures say nothing.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    told = {
        "sessions": sessions,
        "logins": list(people(PEOPLE[site].get("pupil", "^$")).values_list("username", flat=True)),
        "queries": counted(site, sessions, late=False),
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
