"""Fills one of the two sites and tells the runner about it; runs in a process of its own, with that site's settings.

    python -m tests.bench.sites portal 1000       prints JSON: session cookies, logins, queries of every page
"""

import datetime
import json
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

from tests.bench.targets import PEOPLE, PORTAL, SESSIONS_EACH, SIGN_INS, TARGETS, Target


def fill_limit() -> None:
    call_command("migrate", run_syncdb=True, verbosity=0)
    user, shelf, book = get_user_model(), apps.get_model("limit.Shelf"), apps.get_model("limit.Book")
    user.objects.bulk_create(
        user(username=f"reader{n}", first_name="Name", last_name=f"Reader{n}") for n in range(1, SESSIONS_EACH + 1)
    )
    shelves = shelf.objects.bulk_create(shelf(name=f"Shelf {n}") for n in range(12))
    now = datetime.datetime.now(datetime.UTC)
    book.objects.bulk_create(
        book(name=f"Book {n * 7919 % 500}", shelf=shelves[n % 12], readers=n, updated=now) for n in range(500)
    )


def fill_portal(pupils: int) -> None:
    """The demo school, its people past the first-login steps (DEMO_PASSWORD), and the static files."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("demo", pupils=pupils, stdout=sys.stderr)


def gather_statistics() -> None:
    """Without them PostgreSQL plans for empty tables, and the figures say nothing."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def sessions_of(logins: str) -> list[str]:
    """Cookies of people who are signed in, as many as there are, round and round."""
    people = list(get_user_model().objects.filter(username__regex=logins).order_by("pk")[:SESSIONS_EACH])
    if not people:
        raise SystemExit(f"Некому входить: нет логинов вида {logins}")
    return [_session(people[n % len(people)]) for n in range(SESSIONS_EACH)]


def _session(person) -> str:
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
    headers = {"if-none-match": first["ETag"]} if target.again else {}
    with CaptureQueriesContext(connection) as captured:
        client.get(target.path, headers=headers)
    return len(captured)


def main(site: str, pupils: int) -> None:
    django.setup()
    fill_portal(pupils) if site == PORTAL else fill_limit()
    sessions = {who: sessions_of(logins) for who, logins in PEOPLE[site].items()}
    gather_statistics()
    logins = get_user_model().objects.filter(username__regex=PEOPLE[site].get("pupil", "^$")).order_by("pk")
    told = {
        "sessions": sessions,
        "logins": list(logins.values_list("username", flat=True)[:SIGN_INS]),
        "queries": {target.name: queries_of(target, sessions) for target in TARGETS if target.site == site},
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
