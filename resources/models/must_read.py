"""Who must read a document: a status, a class or a position, and in how many days (3.2, 5.11)."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, Q

from accounts.models import Appointment, Enrolment, Position, Relation, SchoolCard, SchoolClass
from eios.lib.dates import today
from resources.models.documents import Document

# Of one grantee exactly: (field, "nobody" in that field).
ONE_OF_THREE = (
    Q(position__isnull=True, school_class__isnull=True) & ~Q(status="")
    | Q(position__isnull=False, school_class__isnull=True, status="")
    | Q(position__isnull=True, school_class__isnull=False, status="")
)


class MustReadQuerySet(models.QuerySet):
    def binding(self, person_key, date: datetime.date):
        """Duties that the person with this key has on the date; nothing but the key and the date is asked."""
        parent = Relation.objects.living(date).filter(parent=person_key)
        cabinets = SchoolCard.objects.filter(parents_have_cabinets=True)
        work, study = Appointment.objects.on(date).filter(person=person_key), Enrolment.objects.on(date)
        study = study.filter(pupil=person_key)
        return self.filter(
            Q(Exists(study), status=MustRead.Status.PUPIL)
            | Q(Exists(work), status=MustRead.Status.STAFF)
            | Q(Exists(parent), Exists(cabinets), status=MustRead.Status.PARENT)
            | Q(position__in=work.values("position"))
            | Q(school_class__in=study.values("school_class"))
        )


class MustRead(models.Model):
    """These people must read the document: its edition in force, and each new one from its day on."""

    class Status(models.TextChoices):
        STAFF = "staff", "все работники"
        PUPIL = "pupil", "все обучающиеся"
        PARENT = "parent", "все родители"

    document = models.ForeignKey(Document, models.PROTECT, verbose_name="документ", related_name="must_read")
    status = models.CharField("статус", max_length=10, choices=Status, blank=True)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, verbose_name="класс", null=True, blank=True, related_name="+"
    )
    position = models.ForeignKey(
        Position, models.PROTECT, verbose_name="должность", null=True, blank=True, related_name="+"
    )
    days = models.PositiveSmallIntegerField(
        "дней на чтение", null=True, blank=True, help_text="Пусто — без срока.",
        validators=[
            MinValueValidator(1, "Хотя бы один день."), MaxValueValidator(365, "Не больше года: 365 дней.")
        ],
    )  # fmt: skip
    since = models.DateField("с", default=today, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто добавил", null=True, related_name="+",
        editable=False,
    )  # fmt: skip

    objects = MustReadQuerySet.as_manager()

    class Meta:
        verbose_name = "обязанность ознакомиться"
        verbose_name_plural = "обязанности ознакомиться"
        ordering = ["document", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=ONE_OF_THREE,
                name="must_read_one_grantee",
                violation_error_message="Выберите кого-то одного: статус, класс или должность.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["document", name],
                    condition=~Q(status="") if name == "status" else Q(**{f"{name}__isnull": False}),
                    name=f"must_read_{name}_once",
                    violation_error_message="Они уже обязаны прочитать этот документ.",
                )
                for name in ("status", "school_class", "position")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.who}"

    @property
    def who(self) -> str:
        """«все работники», «8 «А»», «учитель»."""
        return self.get_status_display() or str(self.school_class or self.position)

    def due(self, in_force_from: datetime.date) -> datetime.date | None:
        """The last day for an edition that began then; None where there is no term."""
        return self.begins(in_force_from) + datetime.timedelta(days=self.days) if self.days else None

    def begins(self, in_force_from: datetime.date) -> datetime.date:
        """From when on the edition is asked for: its day, or the day on which the duty was laid."""
        return max(in_force_from, self.since)
