"""Who may do what beyond the level: conditions, term-bound privileges, administrators of elements (5.2-5.5)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from guardian.models import UserObjectPermissionBase

from accounts.models import Order, Position, SchoolClass
from eios.lib.dates import DatedQuerySet
from resources.models.documents import Document
from resources.models.elements import Element


class Condition(models.Model):
    """What binds everybody who opens an element or a part, its administrators too (3.2, 5.11, 12.3)."""

    class Kind(models.TextChoices):
        ACQUAINTANCE = "acquaintance", "ознакомление с документом"
        TRAINING = "training", "действующее обучение для этого элемента"
        SECOND_FACTOR = "second_factor", "второй шаг входа"
        NETWORK = "network", "вход из сети школы"

    element = models.ForeignKey(Element, models.PROTECT, verbose_name="элемент", related_name="conditions")
    kind = models.CharField("условие", max_length=15, choices=Kind)
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name="документ", null=True, blank=True, related_name="conditions"
    )

    class Meta:
        verbose_name = "условие доступа"
        verbose_name_plural = "условия доступа"
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["element", "kind"],
                condition=Q(document__isnull=True),
                name="condition_once",
                violation_error_message="Такое условие уже есть.",
            ),
            models.UniqueConstraint(
                fields=["element", "document"],
                name="condition_document_once",
                violation_error_message="Ознакомление с этим документом уже требуется.",
            ),
            models.CheckConstraint(
                condition=Q(kind="acquaintance", document__isnull=False)
                | (~Q(kind="acquaintance") & Q(document__isnull=True)),
                name="condition_document",
                violation_error_message="Документ нужен условию об ознакомлении, и только ему.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.document}" if self.document else self.get_kind_display()


class PrivilegeQuerySet(DatedQuerySet):
    def standing(self):
        """Not revoked; the term is asked by `on`."""
        return self.filter(revoked_at__isnull=True)

    def of_grantee(self, privilege: "Privilege"):
        """Privileges of the same grantee on the same element."""
        return self.filter(element=privilege.element_id, **{privilege.grantee_field: privilege.grantee_value})


class Privilege(models.Model):
    """Opens or contributes on an element or part to one grantee, from-to inclusive (5.3, 5.5); none is negative.

    It reaches the parts below and stops at a part where a 5 was set.
    """

    class Right(models.TextChoices):
        OPEN = "open", "открывает"
        CONTRIBUTE = "contribute", "открывает и наполняет"

    class Status(models.TextChoices):
        PUPIL = "pupil", "все обучающиеся"
        STAFF = "staff", "все работники"
        PARENT = "parent", "все родители"

    GRANTEES = ("person", "position", "status", "school_class")

    element = models.ForeignKey(Element, models.PROTECT, verbose_name="элемент", related_name="privileges")
    right = models.CharField("право", max_length=10, choices=Right, default=Right.OPEN)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="человек", null=True, blank=True,
        related_name="privileges",
    )  # fmt: skip
    position = models.ForeignKey(
        Position, models.PROTECT, verbose_name="должность", null=True, blank=True, related_name="privileges"
    )
    status = models.CharField("статус", max_length=10, choices=Status, blank=True)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, verbose_name="класс", null=True, blank=True, related_name="privileges"
    )
    starts = models.DateField("с")
    ends = models.DateField("по", null=True, blank=True)
    basis = models.CharField("основание", max_length=300, blank=True)
    order = models.ForeignKey(
        Order, models.PROTECT, verbose_name="приказ", null=True, blank=True, related_name="privileges"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто дал", null=True, related_name="+"
    )
    granted_at = models.DateTimeField("когда дана", auto_now_add=True)
    revoked_at = models.DateTimeField("отозвана", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто отозвал", null=True, blank=True, related_name="+"
    )
    revoke_reason = models.CharField("почему отозвана", max_length=300, blank=True)

    objects = PrivilegeQuerySet.as_manager()

    class Meta:
        verbose_name = "привилегия"
        verbose_name_plural = "привилегии"
        ordering = ["-starts", "-pk"]
        indexes = [
            models.Index(fields=["person", "starts", "ends"], name="privilege_person_dates"),
            models.Index(fields=["element", "starts", "ends"], name="privilege_element_dates"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="privilege_dates",
                violation_error_message="Последний день привилегии не может быть раньше первого.",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, position__isnull=True, status="", school_class__isnull=True)
                | Q(person__isnull=True, position__isnull=False, status="", school_class__isnull=True)
                | (Q(person__isnull=True, position__isnull=True, school_class__isnull=True) & ~Q(status=""))
                | Q(person__isnull=True, position__isnull=True, status="", school_class__isnull=False),
                name="privilege_one_grantee",
                violation_error_message="Привилегия даётся кому-то одному: человеку, должности, статусу или классу.",
            ),
            models.CheckConstraint(
                condition=~Q(basis="") | Q(order__isnull=False),
                name="privilege_basis",
                violation_error_message="Укажите основание: приказ или своими словами.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoke_reason=""),
                name="privilege_revoke_reason",
                violation_error_message="Укажите, почему привилегия отозвана.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element}: {self.grantee}"

    @property
    def grantee_field(self) -> str:
        """Which of GRANTEES this one is given to."""
        return next((name for name in self.GRANTEES if self.grantee_value_of(name)), "person")

    def grantee_value_of(self, name: str):
        return getattr(self, name if name == "status" else f"{name}_id")

    @property
    def grantee_value(self):
        return self.grantee_value_of(self.grantee_field)

    @property
    def grantee(self) -> str:
        """«5 «А»», «Учитель», «все обучающиеся», a person's name."""
        return self.get_status_display() if self.status else str(getattr(self, self.grantee_field))

    @property
    def ground(self) -> str:
        """The order or the words."""
        return ". ".join(filter(None, [str(self.order) if self.order else "", self.basis]))

    def in_force_on(self, date: datetime.date) -> bool:
        is_begun = self.starts <= date and (self.ends is None or date <= self.ends)
        return is_begun and self.revoked_at is None


ADMINISTER_ELEMENT = "administer_element"


class ElementAdministrator(UserObjectPermissionBase):
    """A person administers an element and its parts, without a term (5.4): guardian's permission on the element.

    The only door to guardian. Its rows name blocked and departed people too: ask `accounts` who of them is alive.
    """

    content_object = models.ForeignKey(
        Element, models.CASCADE, verbose_name="элемент", related_name="administrator_rows"
    )

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "администратор элемента"
        verbose_name_plural = "администраторы элементов"

    def __str__(self) -> str:
        return f"{self.user} — {self.content_object}"

    @classmethod
    def add(cls, person, element: Element) -> "ElementAdministrator":
        return cls.objects.assign_perm(ADMINISTER_ELEMENT, person, element)

    @classmethod
    def remove(cls, person, element: Element) -> int:
        """How many rows went: 1, or 0 where the person did not administer the element itself."""
        return cls.objects.remove_perm(ADMINISTER_ELEMENT, person, element)[0]
