"""Who has given which consent, and whose answer is still missing (152-ФЗ, ст. 9, 10.1). Reads only.

Until 18 a pupil's lawful representative consents, from 14 the pupil's own consent is needed beside it; from 18 the
pupil decides alone, and staff always do. Consents to a former version do not count: the new one is asked anew.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.acceptance import children_of
from accounts.models import Appointment, Consent, ConsentKind, ConsentText, Enrolment, Relation, SchoolClass, User
from eios.lib.dates import age_on, start_of_day, years_before

AGE_OF_OWN_CONSENT, AGE_OF_MAJORITY = 14, 18
DAY = datetime.timedelta(days=1)
Audience, Capacity = ConsentText.Audience, Consent.Capacity
LACKS = {
    (Capacity.PARENT,): "ждём родителя",
    (Capacity.PUPIL,): "ждём обучающегося",
    (Capacity.PARENT, Capacity.PUPIL): "ждём родителя и обучающегося",
    (Capacity.SELF,): "ответа нет",
}


@dataclass(frozen=True)
class State:
    """A consent of one subject under the version in force; `wanted` are those who must answer, in their capacities.

    `answers` are standing answers that count, refusals among them; `withdrawn` what was taken back before.
    """

    kind: ConsentKind
    text: ConsentText | None
    wanted: tuple[Capacity, ...]
    answers: tuple[Consent, ...]
    withdrawn: tuple[Consent, ...]

    def answer(self, capacity: str) -> Consent | None:
        """The standing answer of the parents' side or of the subject's own."""
        is_parents = capacity == Capacity.PARENT
        return next((row for row in self.answers if (row.capacity == Capacity.PARENT) == is_parents), None)

    @property
    def given(self) -> tuple[Consent, ...]:
        return tuple(row for row in self.answers if not row.is_refusal)

    @property
    def missing(self) -> tuple[Capacity, ...]:
        """Whose consent is not there: they have not answered, or refused."""
        return tuple(one for one in self.wanted if (row := self.answer(one)) is None or row.is_refusal)

    @property
    def is_given(self) -> bool:
        return self.text is not None and not self.missing

    @property
    def is_refused(self) -> bool:
        return any(row.is_refusal for row in self.answers)

    @property
    def is_withdrawn(self) -> bool:
        """Was there a consent of a side that has no answer now?"""
        return any(self.answer(row.capacity) is None for row in self.withdrawn)

    @property
    def since(self) -> datetime.datetime | None:
        """When the last of the needed consents came; None while the consent is not given."""
        return max(row.given_at for row in self.given) if self.is_given else None

    @property
    def tag(self) -> str:
        """The look of the tag: given, waited for, refused or taken back."""
        return "ok" if self.is_given else "no" if self.is_refused or self.is_withdrawn else "wait"

    @property
    def words(self) -> str:
        """«дано», «отказ», «отозвано», or who has not answered yet."""
        if self.is_given:
            return "дано"
        if self.is_refused:
            return "отказ"
        if self.is_withdrawn:
            return "отозвано"
        return LACKS[self.missing] if self.text else "не запрашивается"


def wanted(audience: str, birth_date: datetime.date | None, date: datetime.date) -> tuple[Capacity, ...]:
    """Pure: who answers for a subject of this age on the date; of a pupil of unknown age, the parents."""
    if audience == Audience.STAFF:
        return (Capacity.SELF,)
    age = 0 if birth_date is None else age_on(birth_date, date)
    if age >= AGE_OF_MAJORITY:
        return (Capacity.SELF,)
    return (Capacity.PARENT, Capacity.PUPIL) if age >= AGE_OF_OWN_CONSENT else (Capacity.PARENT,)


def settle(
    kind: str, text: ConsentText | None, needed: tuple[Capacity, ...], rows: Iterable[Consent], end: datetime.datetime
) -> State:
    """Pure: the state that answers to this text make at the moment. The SQL form is `given`."""
    sides = {one == Capacity.PARENT for one in needed}
    rows = sorted(rows, key=lambda row: (row.given_at, row.pk))
    counted = [row for row in rows if (row.capacity == Capacity.PARENT) in sides]
    standing = tuple(row for row in counted if row.withdrawn_at is None or row.withdrawn_at >= end)
    # A refusal that gave way to a consent was not a consent withdrawn.
    withdrawn = tuple(row for row in counted if row not in standing and not row.is_refusal)
    return State(ConsentKind(kind), text, needed, standing, withdrawn)


def state_of(subject: User, kind: str, date: datetime.date) -> State:
    """One consent of one person on the date: `.is_given`, `.missing`, `.since`; three queries."""
    return states([subject], kind, date)[subject.pk]


def states(people: Iterable[User], kind: str, date: datetime.date) -> dict[int, State]:
    """The consent of each of these people by key; three queries however many they are."""
    return {key: found[0] for key, found in all_states(people, date, [kind]).items()}


def all_states(
    people: Iterable[User], date: datetime.date, kinds: Iterable[str] = ConsentKind
) -> dict[int, list[State]]:
    """Every kind of consent of each person, in the order of kinds; three queries however many there are."""
    people, kinds, end = list(people), list(kinds), start_of_day(date + DAY)
    keys = [person.pk for person in people]
    staff = _staff_among(keys, date)
    texts = {(row.kind, row.audience): row for row in ConsentText.objects.in_force(date).filter(kind__in=kinds)}
    answers = _answers(keys, texts.values(), end)
    found = {}
    for person in people:
        audience = Audience.STAFF if person.pk in staff else Audience.PUPIL
        needed = wanted(audience, person.birth_date, date)
        found[person.pk] = [_state(person, kind, texts.get((kind, audience)), needed, answers, end) for kind in kinds]
    return found


def _state(person, kind, text, needed, answers, end) -> State:
    rows = answers[person.pk, text.pk] if text else []
    return settle(kind, text, needed, rows, end)


def _answers(keys: list[int], texts: Iterable[ConsentText], end: datetime.datetime) -> dict[tuple, list[Consent]]:
    by_text = {text.pk: text for text in texts}
    found = defaultdict(list)
    rows = Consent.objects.filter(subject__in=keys, text__in=by_text, given_at__lt=end)
    for row in rows.select_related("given_by", "recorded_by", "scan", "withdrawn_by"):
        found[row.subject_id, row.text_id].append(row)
    return found


def _staff_among(keys: list[int], date: datetime.date) -> set[int]:
    """Those who answer as employees: a pupil who works at school is a pupil first."""
    enrolled = Enrolment.objects.on(date).filter(pupil=OuterRef("person"))
    rows = Appointment.objects.on(date).filter(~Exists(enrolled), person__in=keys)
    return set(rows.values_list("person_id", flat=True))


def given(people: QuerySet[User], kind: str, date: datetime.date) -> QuerySet[User]:
    """Those of the people whose consent is given on the date: the SQL form of `State.is_given`, for lists."""
    me = OuterRef("pk")
    rows = Consent.objects.in_force(kind, date).filter(subject=me)
    of_pupils = rows.filter(text__audience=Audience.PUPIL)
    by_parent = Q(Exists(of_pupils.filter(capacity=Capacity.PARENT)))
    by_oneself = Q(Exists(of_pupils.filter(capacity__in=Consent.OWN)))
    by_employee = Q(Exists(rows.filter(text__audience=Audience.STAFF, capacity__in=Consent.OWN)))
    of_age = Q(birth_date__lte=years_before(date, AGE_OF_MAJORITY))
    return people.filter(
        (_is_staff(me, date) & by_employee)
        | (~_is_staff(me, date) & ((by_parent & _is_child(date)) | (by_oneself & (of_age | by_parent))))
    )


# What `given` makes of the date, for queries that are composed once: the birthdays from which parents are asked no more
# and the child is, and the moment by which it was given.
DERIVED = (
    lambda date: years_before(date, AGE_OF_MAJORITY),
    lambda date: years_before(date, AGE_OF_OWN_CONSENT),
    lambda date: start_of_day(date + DAY),
)


def _is_staff(person, date: datetime.date) -> Q:
    appointed = Exists(Appointment.objects.on(date).filter(person=person))
    return Q(appointed) & ~Q(Exists(Enrolment.objects.on(date).filter(pupil=person)))


def _is_child(date: datetime.date) -> Q:
    return Q(birth_date__isnull=True) | Q(birth_date__gt=years_before(date, AGE_OF_OWN_CONSENT))


# Whose consents a person sees and answers


def subjects_of(person: User, date: datetime.date) -> list[User]:
    """Oneself, for pupils and staff, then the own children, where parents have cabinets; nobody else."""
    own = [person] if person.is_pupil or person.is_employee else []
    return own + list(children_of(person, date).order_by("sort_name", "pk"))


def is_child_of(subject: User, person: User, date: datetime.date) -> bool:
    """Is the subject an own child of the person, who has a cabinet?"""
    return children_of(person, date).filter(pk=subject.pk).exists()


def capacity_of(person: User, subject: User, state: State) -> Capacity | None:
    """In which capacity the person answers for the subject; None where it is another's turn to decide."""
    is_own = person.pk == subject.pk
    return next((one for one in state.wanted if (one != Capacity.PARENT) == is_own), None)


def history_of(subject: User, kind: str) -> QuerySet[Consent]:
    """All answers about the subject, of former versions too, newest first."""
    rows = Consent.objects.filter(subject=subject, text__kind=kind)
    return rows.select_related("subject", "text", "given_by", "recorded_by", "withdrawn_by", "scan")


# What waits in «Ждёт вас»


def children_asked(parent_key: int, date: datetime.date) -> QuerySet[User]:
    """The parent's children for whom no representative has answered a consent that the school asks for."""
    texts = _asked(Audience.PUPIL, date)
    answered = Consent.objects.filter(subject=OuterRef(OuterRef("pk")), text=OuterRef("pk"), capacity=Capacity.PARENT)
    mine = Relation.objects.living(date).filter(parent=parent_key, pupil=OuterRef("pk"))
    minor = Q(birth_date__isnull=True) | Q(birth_date__gt=years_before(date, AGE_OF_MAJORITY))
    return User.objects.filter(minor, Exists(mine), Exists(texts.filter(~Exists(answered))))


def own_asked(person_key: int, date: datetime.date) -> QuerySet[ConsentText]:
    """Texts that the school asks this person to answer for himself, and has no answer to: it may be a refusal."""
    answered = Consent.objects.filter(subject=person_key, text=OuterRef("pk"), capacity__in=Consent.OWN)
    me = User.objects.filter(pk=person_key)
    enrolled = Exists(Enrolment.objects.on(date).filter(pupil=OuterRef("pk")))
    appointed = Exists(Appointment.objects.on(date).filter(person=OuterRef("pk")))
    pupil = me.filter(enrolled, birth_date__lte=years_before(date, AGE_OF_OWN_CONSENT))
    employee = me.filter(appointed & ~enrolled)
    return ConsentText.objects.in_force(date).filter(
        (Q(audience=Audience.PUPIL) & Q(Exists(pupil))) | (Q(audience=Audience.STAFF) & Q(Exists(employee))),
        ~Exists(answered),
        is_asked=True,
    )


def _asked(audience: str, date: datetime.date) -> QuerySet[ConsentText]:
    return ConsentText.objects.in_force(date).filter(is_asked=True, audience=audience)


# The class and the school


@dataclass(frozen=True)
class Paper:
    """What stands on one signed paper: whose data, which representative signed (None: not on record), the pupil too?"""

    subject: User
    by_parent: bool = False
    parent: User | None = None
    by_pupil: bool = False


@dataclass(frozen=True)
class Row:
    """A line of a class list: a person and the state of each kind, in the order of kinds."""

    person: User
    states: list[State]


def texts_for(audience: str, date: datetime.date) -> list[ConsentText]:
    """Versions in force for pupils or staff, in the order of kinds."""
    found = {row.kind: row for row in ConsentText.objects.in_force(date).filter(audience=audience)}
    return [found[kind] for kind in ConsentKind if kind in found]


def rows_of(people: Iterable[User], kinds: Iterable[str], date: datetime.date) -> list[Row]:
    """People with their consents of these kinds; three queries for any number."""
    people = list(people)
    found = all_states(people, date, list(kinds))
    return [Row(person, found[person.pk]) for person in people]


def pupils_of(school_class: SchoolClass, date: datetime.date) -> QuerySet[User]:
    """Pupils of the class in the order of the list; those whose account is blocked too: papers do not ask for it."""
    return User.objects.in_classes([school_class], date).order_by("sort_name", "pk")


@dataclass(frozen=True)
class Share:
    """How many of a class, or of the staff, have given each kind of consent, in the order of kinds."""

    of: SchoolClass | str
    people: int
    given: list[int | None]


def by_class(classes: Iterable[SchoolClass], kinds: Iterable[str], date: datetime.date) -> list[Share]:
    """Shares of the classes in the order given; one query for each kind, and one more."""
    classes, kinds = list(classes), list(kinds)
    every = _count(classes, date, None)
    counts = [_count(classes, date, given(User.objects.all(), kind, date)) for kind in kinds]
    return [Share(one, every.get(one.pk, 0), [found.get(one.pk, 0) for found in counts]) for one in classes]


def _count(classes: list[SchoolClass], date: datetime.date, people: QuerySet[User] | None) -> dict[int, int]:
    rows = Enrolment.objects.on(date).filter(school_class__in=classes)
    if people is not None:
        rows = rows.filter(pupil__in=people.order_by().values("pk"))
    return dict(rows.order_by().values_list("school_class").annotate(Count("pk")))


def staff_share(kinds: Iterable[str], date: datetime.date) -> Share:
    """The staff; None for a kind that they are not asked for."""
    me, asked = OuterRef("pk"), {text.kind for text in texts_for(Audience.STAFF, date)}
    staff = User.objects.filter(_is_staff(me, date))
    counts = [given(staff, kind, date).count() if kind in asked else None for kind in kinds]
    return Share("Работники", staff.count(), counts)
