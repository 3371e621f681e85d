"""Sessions of people who are signed in, kept in the database as Django keeps them; read by a query composed once."""

import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from eios.lib.composed import SOME_MOMENT, SOME_WORD, ComposedRows


def _living(key: str, now: datetime.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


# Every page of everybody asks for it.
_LIVING = ComposedRows(_living, key=SOME_WORD, now=SOME_MOMENT)


class SessionStore(db.SessionStore):
    """Django's store; nothing but the reading differs."""

    def _get_session_from_db(self) -> Session | None:
        found = _LIVING.rows(key=self.session_key, now=timezone.now())
        if not found:
            # As Django does: a key that was not given out here is not taken over.
            self._session_key = None
        return found[0] if found else None
