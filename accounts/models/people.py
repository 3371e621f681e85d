"""One account per human being. Statuses are derived from dated facts, never typed."""

import datetime
import functools

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.crypto import salted_hmac

from accounts.models.agreement import Acceptance, AgreementEdition
from accounts.models.facts import Appointment, Block, Enrolment, Relation
from accounts.models.notifications import Notification
from accounts.models.school import SchoolCard
from eios.lib import russian, search
from eios.lib.composed import SOME_DAY, ComposedRows, key
from eios.lib.dates import age_on, today

PUPIL_OR_PARENT_LEVEL, STAFF_LEVEL, MANAGEMENT_LEVEL = 1, 2, 4
AGE_OF_OWN_ACCEPTANCE = 14
LOGIN = r"^[A-Za-z][A-Za-z0-9._-]*$"
RECOVERY_CODES = Authenticator.Type.RECOVERY_CODES


def _appointments(person: int, day: datetime.date) -> models.QuerySet[Appointment]:
    return Appointment.objects.on(day).filter(person=person).order_by("position__order", "pk")


def _enrolments(person: int, day: datetime.date) -> models.QuerySet[Enrolment]:
    return Enrolment.objects.on(day).filter(pupil=person).order_by("pk")


# Every page of staff asks for their appointments, and many of a pupil's for the class.
_APPOINTMENTS = ComposedRows(
    _appointments, "position", "school_class", "method_group", person=key(0), day=SOME_DAY
)  # fmt: skip
_ENROLMENTS = ComposedRows(_enrolments, "school_class", person=key(0), day=SOME_DAY)


class UserQuerySet(models.QuerySet):
    def with_standing(self, date: datetime.date):
        """Annotates what the gate asks, in the one query that loads the person."""
        me = OuterRef("pk")
        edition = AgreementEdition.objects.in_force(date).values("pk")[:1]
        accepted = Acceptance.objects.filter(person=me, edition=edition)
        return self.annotate(
            standing_pupil=Exists(Enrolment.objects.on(date).filter(pupil=me)),
            standing_employee=Exists(Appointment.objects.on(date).filter(person=me)),
            standing_parent=Exists(Relation.objects.living(date).filter(parent=me))
            & Exists(SchoolCard.objects.filter(parents_have_cabinets=True)),
            standing_blocked=Exists(Block.objects.standing().filter(person=me)),
            standing_accepted=Exists(accepted.filter(kind__in=Acceptance.OWN_KINDS))
            | (
                Exists(accepted.filter(kind__in=Acceptance.PARENT_KINDS))
                & Exists(accepted.filter(kind=Acceptance.Kind.CHILD))
            ),
            standing_second_factor=Exists(Authenticator.objects.filter(user=me).exclude(type=RECOVERY_CODES)),
        )

    def with_unread(self):
        """Annotates how many notifications wait, for the number that stands on every page."""
        unread = Notification.objects.unread().filter(person=OuterRef("pk")).order_by().values("person")
        return self.annotate(unread=Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0))

    def alive(self, date: datetime.date):
        """Accounts that the gate would let in: a status in force or a superuser, and not blocked."""
        return self.with_standing(date).filter(
            Q(standing_pupil=True) | Q(standing_employee=True) | Q(standing_parent=True) | Q(is_superuser=True),
            standing_blocked=False,
        )

    def in_classes(self, classes, date: datetime.date):
        """Pupils of these classes on the date."""
        return self.filter(Exists(Enrolment.objects.on(date).filter(pupil=OuterRef("pk"), school_class__in=classes)))

    def matching(self, query: str):
        return self.filter(search.matching(query))

    def named(self, query: str):
        """By the beginnings of words of the name alone: who looks so learns nothing of logins."""
        return self.filter(search.beginning(query))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def get_by_natural_key(self, username):
        return self.get(username__iexact=username)

    def create_superuser(self, username, password=None, **fields):
        """For `createsuperuser`; a real school uses `setup`, which does the rest too."""
        person = self.model(username=username, is_superuser=True, **fields)
        person.set_password(password)
        person.save()
        return person


class User(AbstractBaseUser, PermissionsMixin):
    """A human being: pupil, employee, parent, or several of these at once."""

    username = models.CharField(
        "логин", max_length=40,
        validators=[RegexValidator(LOGIN, "Логин — латинские буквы, цифры, точка, дефис; первой стоит буква.")],
    )  # fmt: skip
    surname = models.CharField("фамилия", max_length=80)
    name = models.CharField("имя", max_length=80)
    patronymic = models.CharField("отчество", max_length=80, blank=True)
    birth_date = models.DateField("дата рождения", null=True, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    phone = models.CharField("телефон", max_length=40, blank=True)

    must_change_password = models.BooleanField("пароль выдан, ещё не сменён", default=True)
    session_epoch = models.PositiveIntegerField("эпоха сеансов", default=1, editable=False)
    is_demo = models.BooleanField("вымышленный человек", default=False, editable=False)
    created_at = models.DateTimeField("заведена", auto_now_add=True)

    search = models.TextField(editable=False, default="")
    sort_name = models.CharField(max_length=300, editable=False, default="", db_index=True)

    # The address of the request by which the person asks; "" outside of requests.
    came_from = ""
    # Who asks by the rule of access, as the floor above knows the person at the gate; None outside of requests.
    asks_as = None
    # Whether the person is named an administrator of some element; the floor above says so at the gate.
    administers_elements = False

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["surname", "name"]

    class Meta:
        verbose_name = "учётная запись"
        verbose_name_plural = "учётные записи"
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="user_login_once", violation_error_message="Такой логин уже занят."
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args, **kwargs):
        self.prepare_search()
        super().save(*args, **kwargs)

    def prepare_search(self) -> None:
        """Fills the hidden columns; bulk writers call it themselves."""
        self.search = search.index(self.surname, self.name, self.patronymic, self.username)
        self.sort_name = search.sort_key(self.get_full_name())

    def get_full_name(self) -> str:
        return " ".join(filter(None, [self.surname, self.name, self.patronymic]))

    def get_short_name(self) -> str:
        return " ".join(filter(None, [self.name, self.patronymic]))

    @property
    def initials(self) -> str:
        return russian.initials(self.surname, self.name, self.patronymic)

    def _get_session_auth_hash(self, secret=None):
        """Sessions older than the epoch die for good: a block that is lifted does not revive them."""
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac("accounts.User.session", value, secret=secret, algorithm="sha256").hexdigest()

    # Standing on the day of this request. `with_standing` has annotated it for the one who asks; others load it.

    @functools.cached_property
    def standing(self) -> "User":
        """This person with the gate's annotations for today."""
        if hasattr(self, "standing_pupil"):
            return self
        return User.objects.with_standing(today()).get(pk=self.pk)

    @property
    def is_pupil(self) -> bool:
        return self.standing.standing_pupil

    @property
    def is_employee(self) -> bool:
        return self.standing.standing_employee

    @property
    def is_parent(self) -> bool:
        return self.standing.standing_parent

    @property
    def is_blocked(self) -> bool:
        return self.standing.standing_blocked

    @property
    def has_accepted(self) -> bool:
        """The agreement's edition in force is accepted, by whoever must (6.4)."""
        return self.standing.standing_accepted

    @property
    def has_second_factor(self) -> bool:
        return self.standing.standing_second_factor

    @functools.cached_property
    def unread_notifications(self) -> int:
        """How many notifications the person has not read; of the one who asks it is known already."""
        if hasattr(self, "unread"):
            return self.unread
        return Notification.objects.unread().filter(person=self).count()

    @property
    def is_alive(self) -> bool:
        """Some status is in force, or superuser; and not blocked (6.7)."""
        return not self.is_blocked and (self.is_superuser or self.is_pupil or self.is_employee or self.is_parent)

    @functools.cached_property
    def appointments_now(self) -> list[Appointment]:
        """Appointments in force today with their positions, one query; none is asked for who is no employee."""
        if not self.is_employee:
            return []
        return _APPOINTMENTS.rows(person=self.pk, day=today())

    @functools.cached_property
    def position_codes(self) -> frozenset[str]:
        return frozenset(row.position.code for row in self.appointments_now)

    @property
    def is_system_administrator(self) -> bool:
        return self.is_superuser or "system_administrator" in self.position_codes

    @property
    def level(self) -> int:
        """The access level (5.3): of the highest position in force, acting ones too; 1 for pupils and parents."""
        if self.is_system_administrator:
            return MANAGEMENT_LEVEL
        levels = [row.position.level for row in self.appointments_now]
        return max(levels, default=PUPIL_OR_PARENT_LEVEL if self.is_pupil or self.is_parent else 0)

    @property
    def is_staff(self) -> bool:
        """Django admin's door: the system administrator's desk."""
        return self.is_alive and self.is_system_administrator

    def needs_parent_acceptance(self, date: datetime.date) -> bool:
        """A pupil under 14 (or of unknown age) for whom a parent accepts; the school's switch is asked elsewhere."""
        if not self.is_pupil or self.is_employee:
            return False
        return self.birth_date is None or age_on(self.birth_date, date) < AGE_OF_OWN_ACCEPTANCE

    @functools.cached_property
    def school_class_now(self):
        """The pupil's class today, or None."""
        return next((row.school_class for row in _ENROLMENTS.rows(person=self.pk, day=today())), None)

    @functools.cached_property
    def led_classes(self) -> list:
        """Classes led today as class teacher."""
        return [
            row.school_class
            for row in self.appointments_now
            if row.school_class and row.position.code == "class_teacher"
        ]
