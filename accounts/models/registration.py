"""Registration sheets (9.5): whom a class teacher or the administrator asks to register, before there is an order."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models.credentials import OneTimeLink, Slip
from accounts.models.facts import Enrolment, Relation
from accounts.models.orders import Order
from accounts.models.school import MethodGroup, Position, SchoolClass
from eios.lib import search
from eios.lib.dates import today

# Parts of a representative's data in `SheetRow.parents`, as lines of orders have them.
PARENT_FIELDS = ("surname", "name", "patronymic", "kind", "phone", "email", "document")


class RegistrationSheetQuerySet(models.QuerySet):
    def open(self):
        """Still to be settled by somebody: being filled in, or submitted."""
        return self.filter(state__in=RegistrationSheet.OPEN)

    def submitted(self):
        """The management is to take it; also again, where the draft order that it stood in was deleted."""
        lost = Q(state=RegistrationSheet.State.TAKEN, order__isnull=True)
        return self.filter(Q(state=RegistrationSheet.State.SUBMITTED) | lost)

    def waiting_for_credentials(self):
        """Taken up by the management, and the logins of pupils enrolled already are still to be issued (9.4)."""
        return self.filter(credentials=RegistrationSheet.Credentials.WAITING)

    def with_size(self):
        return self.annotate(size=models.Count("rows"))


class RegistrationSheet(models.Model):
    """Draft → submitted → taken into an order, or answered without one. Without a class, it is of the whole school.

    `source` is the file loaded last, whether confirmed or not; `sha256` is of the file confirmed last.
    """

    class Kind(models.TextChoices):
        PUPILS = "pupils", "обучающиеся"
        STAFF = "staff", "работники"
        CLASSES = "classes", "классы"

    class State(models.TextChoices):
        DRAFT = "draft", "черновик"
        SUBMITTED = "submitted", "подана"
        TAKEN = "taken", "взята в приказ"
        ANSWERED = "answered", "рассмотрена"

    class Credentials(models.TextChoices):
        NONE = "", "не нужны"
        WAITING = "waiting", "ждут выдачи"
        ISSUED = "issued", "выданы"

    OPEN = (State.DRAFT, State.SUBMITTED)

    kind = models.CharField("о ком", max_length=10, choices=Kind, default=Kind.PUPILS)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, verbose_name="класс", null=True, blank=True, related_name="registration_sheets"
    )
    state = models.CharField("состояние", max_length=10, choices=State, default=State.DRAFT)
    credentials = models.CharField(
        "учётные данные зачисленных", max_length=10, choices=Credentials, default=Credentials.NONE, blank=True
    )
    remark = models.CharField("замечание", max_length=300, blank=True)
    source = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="файл", null=True, blank=True, related_name="+"
    )
    sha256 = models.CharField(max_length=64, blank=True)
    order = models.ForeignKey(
        Order, models.SET_NULL, verbose_name="приказ", null=True, blank=True, related_name="registration_sheets"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="составил", null=True, related_name="+"
    )
    created_at = models.DateTimeField("составлена", auto_now_add=True)
    submitted_at = models.DateTimeField("подана", null=True)
    settled_at = models.DateTimeField("рассмотрена", null=True)

    objects = RegistrationSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "регистрационная ведомость"
        verbose_name_plural = "регистрационные ведомости"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["school_class"],
                condition=Q(state__in=["draft", "submitted"]),
                name="registration_sheet_one_open",
                violation_error_message="У класса уже есть открытая ведомость.",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state__in=["draft", "submitted"], school_class__isnull=True),
                name="registration_sheet_one_open_of_school",
                violation_error_message="Такая ведомость всей школы уже открыта.",
            ),
        ]

    def __str__(self) -> str:
        of = self.school_class if self.school_class_id else f"школы: {self.get_kind_display()}"
        return f"Ведомость {of}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:registration_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.state == self.State.SUBMITTED

    @property
    def can_be_taken(self) -> bool:
        """Into an order: submitted by a class teacher, or loaded for the whole school; or its order was deleted."""
        is_lost = self.is_taken and self.order_id is None
        return self.is_submitted or is_lost or (self.is_draft and self.school_class_id is None)

    @property
    def is_taken(self) -> bool:
        return self.state == self.State.TAKEN

    @property
    def days_waiting(self) -> int:
        """Full days since it was submitted."""
        return (today() - self.submitted_at.date()).days if self.submitted_at else 0


class SheetRowQuerySet(models.QuerySet):
    def pending(self):
        """Rows that are not facts yet: of open sheets, and of sheets in orders that are not executed."""
        waiting = Q(sheet__order__state__in=[Order.State.DRAFT, Order.State.SIGNED])
        lost = Q(sheet__state=RegistrationSheet.State.TAKEN, sheet__order__isnull=True)
        return self.filter(Q(sheet__state__in=RegistrationSheet.OPEN) | waiting | lost)

    def asking_credentials(self, date: datetime.date):
        """Pupils enrolled already whose logins a class teacher has asked for, and nothing was issued since (9.4)."""
        me, since = OuterRef("person"), OuterRef("sheet__settled_at")
        return self.filter(
            Exists(Enrolment.objects.on(date).filter(pupil=me)),
            ~Exists(Slip.objects.filter(person=me, printed_at__gte=since)),
            ~Exists(OneTimeLink.objects.filter(person=me, issued_at__gte=since)),
            sheet__credentials=RegistrationSheet.Credentials.WAITING,
        )


class SheetRow(models.Model):
    """One human being of a sheet: a pupil with representatives, or an employee with the position.

    `person` is an account that exists: of a pupil enrolled already, or of a former one whom somebody has recognised.
    `is_other` says that somebody looked at the account of the same name and birth date, and it is another human being.
    """

    sheet = models.ForeignKey(RegistrationSheet, models.CASCADE, verbose_name="ведомость", related_name="rows")
    number = models.PositiveIntegerField("№")
    surname = models.CharField("фамилия", max_length=80)
    name = models.CharField("имя", max_length=80)
    patronymic = models.CharField("отчество", max_length=80, blank=True)
    birth_date = models.DateField("дата рождения", null=True, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    phone = models.CharField("телефон", max_length=40, blank=True)
    file_number = models.CharField("№ личного дела", max_length=30, blank=True)
    parents = models.JSONField("законные представители", default=list, blank=True)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, verbose_name="класс", null=True, blank=True, related_name="+"
    )
    position = models.ForeignKey(
        Position, models.PROTECT, verbose_name="должность", null=True, blank=True, related_name="+"
    )
    method_group = models.ForeignKey(
        MethodGroup, models.PROTECT, verbose_name="ШМО", null=True, blank=True, related_name="+"
    )
    note = models.CharField("примечание", max_length=300, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="учётная запись", null=True, blank=True, related_name="+"
    )
    is_other = models.BooleanField("однофамилец, другой человек", default=False)
    name_key = models.CharField(max_length=260, editable=False, db_index=True)

    objects = SheetRowQuerySet.as_manager()

    class Meta:
        verbose_name = "строка ведомости"
        verbose_name_plural = "строки ведомостей"
        ordering = ["sheet", "number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="sheet_row_number")]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args, **kwargs):
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Fills the hidden column; bulk writers call it themselves."""
        self.name_key = name_key(self.full_name)

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.surname, self.name, self.patronymic]))

    @property
    def identity(self) -> tuple[str, datetime.date | None]:
        return self.name_key, self.birth_date

    @property
    def parents_in_words(self) -> list[str]:
        """«мать: Ёлкина Вера, +7 900…»"""
        kinds = dict(Relation.Kind.choices)
        return [_in_words(parent, kinds) for parent in self.parents]


def _in_words(parent: dict, kinds: dict) -> str:
    name = " ".join(filter(None, [parent.get("surname"), parent.get("name"), parent.get("patronymic")]))
    words = [f"{kinds.get(parent.get('kind'), 'представитель')}: {name}", parent.get("phone"), parent.get("email")]
    return ", ".join(filter(None, words))


def name_key(full_name: str) -> str:
    """The same for one name however it was typed: case, ё and е, hyphens and spaces."""
    return " ".join(search.words(full_name))[:260]
