"""Dated facts about people: enrolment, appointment, relation, block. Everything asks them «on this date»."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models.school import MethodGroup, Position, SchoolClass
from eios.lib.dates import DatedQuerySet


class DatedFact(models.Model):
    """In force from `starts` to `ends`, both inclusive; without `ends`, until further notice."""

    starts = models.DateField("с")
    ends = models.DateField("по", null=True, blank=True)
    basis = models.CharField("основание", max_length=300, blank=True)

    class Meta:
        abstract = True

    def in_force_on(self, date: datetime.date) -> bool:
        return self.starts <= date and (self.ends is None or date <= self.ends)


class FactByOrder(DatedFact):
    """A fact that orders write: `order` began it, `ended_by` set its last day (6.5-6.7)."""

    order = models.ForeignKey(
        "accounts.Order", models.PROTECT, verbose_name="приказ", null=True, blank=True, editable=False,
        related_name="%(class)ss",
    )  # fmt: skip
    ended_by = models.ForeignKey(
        "accounts.Order", models.PROTECT, verbose_name="прекращено приказом", null=True, blank=True, editable=False,
        related_name="ended_%(class)ss",
    )  # fmt: skip

    class Meta:
        abstract = True


def dates_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
        name=name,
        violation_error_message="Последний день не может быть раньше первого.",
    )


class Enrolment(FactByOrder):
    """A pupil belongs to a class; written by orders only (6.5)."""

    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="enrolments"
    )
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, verbose_name="класс", related_name="enrolments")

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "зачисление"
        verbose_name_plural = "зачисления"
        indexes = [models.Index(fields=["pupil", "starts", "ends"], name="enrolment_pupil_dates")]
        constraints = [dates_in_order("enrolment_dates")]

    def __str__(self) -> str:
        return f"{self.pupil} — {self.school_class}"


class Appointment(FactByOrder):
    """An employee holds a position or a duty, acting ones included (4.2, 5.3)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="работник", related_name="appointments"
    )
    position = models.ForeignKey(Position, models.PROTECT, verbose_name="должность", related_name="appointments")
    is_acting = models.BooleanField("исполняет обязанности", default=False)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, verbose_name="класс", null=True, blank=True, related_name="leaders",
        help_text="Для классного руководителя.",
    )  # fmt: skip
    method_group = models.ForeignKey(
        MethodGroup, models.PROTECT, verbose_name="ШМО", null=True, blank=True, related_name="members"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "назначение"
        verbose_name_plural = "назначения"
        indexes = [models.Index(fields=["person", "starts", "ends"], name="appointment_person_dates")]
        constraints = [dates_in_order("appointment_dates")]

    def __str__(self) -> str:
        return f"{self.person} — {self.title}"

    @property
    def title(self) -> str:
        return f"и. о.: {self.position.name}" if self.is_acting else self.position.name


class RelationQuerySet(DatedQuerySet):
    def living(self, date: datetime.date):
        """Relations in force to pupils who are enrolled on the date."""
        return self.on(date).filter(Exists(Enrolment.objects.on(date).filter(pupil=OuterRef("pupil"))))


class Relation(DatedFact):
    """A confirmed relation of a parent (or another lawful representative) to a pupil."""

    class Kind(models.TextChoices):
        MOTHER = "mother", "мать"
        FATHER = "father", "отец"
        GUARDIAN = "guardian", "опекун или попечитель"
        OTHER = "other", "иной законный представитель"

    parent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="родитель", related_name="children_relations"
    )
    pupil = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="обучающийся", related_name="parent_relations"
    )
    kind = models.CharField("кем приходится", max_length=10, choices=Kind)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто подтвердил", related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField("когда подтверждено", auto_now_add=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = "законный представитель"
        verbose_name_plural = "законные представители"
        indexes = [models.Index(fields=["parent", "starts", "ends"], name="relation_parent_dates")]
        constraints = [
            dates_in_order("relation_dates"),
            models.CheckConstraint(
                condition=~Q(parent=F("pupil")),
                name="relation_not_to_oneself",
                violation_error_message="Человек не может быть родителем самому себе.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent} — {self.get_kind_display()}: {self.pupil}"


class BlockQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(lifted_at__isnull=True)


class Block(models.Model):
    """A temporary block of an account (12.2); lifting it is an act with a reason.

    `needs_new_password`: others know the password, so that it does not work again once the block is lifted.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="учётная запись", related_name="blocks"
    )
    since = models.DateTimeField("с", auto_now_add=True)
    reason = models.CharField("причина", max_length=300)
    needs_new_password = models.BooleanField("нужен новый пароль", default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто заблокировал", related_name="+", null=True
    )
    lifted_at = models.DateTimeField("снята", null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто снял", related_name="+", null=True, blank=True
    )
    lift_reason = models.CharField("почему снята", max_length=300, blank=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = "блокировка"
        verbose_name_plural = "блокировки"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(lifted_at__isnull=True),
                name="block_one_standing",
                violation_error_message="Учётная запись уже заблокирована.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.reason}"
