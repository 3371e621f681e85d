"""Pools of pseudonymous accounts as the desk shows them: counts, who holds what, who may be given one. Reads only."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts import history
from accounts.models import AuditEntry, SchoolClass, User
from accounts.places import places_on
from resources import trail
from resources.asker import Asker
from resources.credentials import people_without
from resources.models import Element, ExternalCredential, Pool, PoolAccount, PoolAnswer

State = PoolAccount.State
KINDS = {
    State.MADE: "", State.SENT: "wait", State.READY: "ok", State.REFUSED: "no", State.GIVEN: "info",
    State.RETURNED: "wait", State.CLOSED: "",
}  # fmt: skip
# What can still be closed at the library: whatever nobody holds.
CLOSABLE = (State.MADE, State.SENT, State.READY, State.REFUSED, State.RETURNED)
MOST_FOUND, MOST_CHANGES = 50, 20


@dataclass(frozen=True)
class Tally:
    """How many accounts of a state; `kind` is the look of its tag."""

    state: str
    label: str
    kind: str
    count: int


def of_element(element: Element) -> QuerySet[Pool]:
    """The element's pools, newest first, with the number of accounts in each state as `made`, `sent` and so on."""
    counts = {str(state): Count("accounts", filter=Q(accounts__state=state)) for state in State}
    return Pool.objects.filter(element=element).annotate(size=Count("accounts"), **counts)


def tallies(accounts: QuerySet[PoolAccount]) -> list[Tally]:
    """States that occur, in their order; one query."""
    counted = dict(accounts.order_by().values_list("state").annotate(Count("pk")))
    return [Tally(state, state.label, KINDS[state], counted[state]) for state in State if state in counted]


def free(element: Element) -> int:
    """How many accounts of the element can be given out now."""
    return PoolAccount.objects.ready().filter(pool__element=element).count()


def accounts_of(pool: Pool, *, state: str = "", query: str = "") -> QuerySet[PoolAccount]:
    """Accounts of the pool, each with who holds it now in `held`; two queries for any number."""
    standing = ExternalCredential.objects.standing().select_related("person")
    found = pool.accounts.prefetch_related(Prefetch("credentials", standing, to_attr="held"))
    if state:
        found = found.filter(state=state)
    return found.filter(login__icontains=query) if query else found


def look_of(state: str) -> str:
    """The look of the tag of a state."""
    return KINDS[State(state)]


def holders(account: PoolAccount) -> QuerySet[ExternalCredential]:
    """Everybody who has held the account, the last first: from when till when, and why no more."""
    rows = ExternalCredential.objects.filter(pool_account=account)
    return rows.select_related("person", "issued_by", "ended_by", "closed_outside_by").order_by("-issued_at", "-pk")


def changes(account: PoolAccount, asker: Asker) -> list[history.Line]:
    """What the trail tells of the account and of those who held it: sent, answered, given, taken back, closed."""
    credentials = [str(key) for key in account.credentials.values_list("pk", flat=True)]
    theirs = Q(object_type=ExternalCredential._meta.label_lower, object_id__in=credentials)
    its_own = Q(object_type=PoolAccount._meta.label_lower, object_id=str(account.pk))
    entries = AuditEntry.objects.filter(its_own | theirs).select_related("actor").order_by("-pk")
    return trail.lines(entries[:MOST_CHANGES], asker)


def answers_of(pool: Pool) -> QuerySet[PoolAnswer]:
    """Confirmed answers of the library, the newest first; without the files."""
    return pool.answers.filter(applied_at__isnull=False).defer("sealed").select_related("loaded_by")


def waiting_answer(pool: Pool) -> PoolAnswer | None:
    """The file that was shown and is not confirmed yet."""
    return pool.answers.filter(applied_at__isnull=True).first()


def applied_before(answer: PoolAnswer) -> PoolAnswer | None:
    """The same file, confirmed once already."""
    return answers_of(answer.pool).filter(sha256=answer.sha256).exclude(pk=answer.pk).first()


# Who may be given one


def classes_with_lack(element: Element, date: datetime.date) -> QuerySet[SchoolClass]:
    """Classes of the year, each with the number of pupils without an account there in `lacking`."""
    held = ExternalCredential.objects.standing().filter(element=element, person=OuterRef("enrolments__pupil"))
    here = Q(enrolments__starts__lte=date) & (Q(enrolments__ends__isnull=True) | Q(enrolments__ends__gte=date))
    lacking = Count("enrolments", filter=here & ~Q(Exists(held)), distinct=True)
    return SchoolClass.objects.of_year_on(date).annotate(lacking=lacking).order_by("grade", "letter")


def to_be_given(element: Element, date: datetime.date, *, classes: Iterable[int] = (), query: str = "") -> list[User]:
    """Pupils of the classes, or people of the name, who have no account there; by class, then by name."""
    people = people_without(element, date)
    if query:
        people = people.matching(query)
    elif classes:
        people = people.in_classes(SchoolClass.objects.filter(pk__in=list(classes)), date)
    else:
        return []
    found = people.prefetch_related(*places_on(date))
    return sorted(found[:MOST_FOUND] if query else found, key=_by_class)


def _by_class(person: User) -> tuple:
    place = next((row.school_class for row in person.enrolled_now), None)
    return (place.grade, place.letter) if place else (99, "")
