"""Orders: the cause of which accounts, classes and appointments are the effect (6.5-6.7)."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse

from accounts.models.school import MethodGroup, Position, SchoolClass
from eios.lib import russian, search
from eios.lib.dates import today

# A day before or after each of them is a day too, and no order is of another century.
POSSIBLE_DAYS = [
    MinValueValidator(datetime.date(1990, 1, 1), "Проверьте год: это слишком давно."),
    MaxValueValidator(datetime.date(2100, 12, 31), "Проверьте год: это слишком далеко."),
]


class OrderKind(models.TextChoices):
    INITIAL_LOAD = "initial_load", "первоначальная загрузка"
    ENROLMENT = "enrolment", "зачисление"
    TRANSFER_CLASS = "transfer_class", "перевод в другой класс"
    PROMOTION = "promotion", "перевод в следующий класс"
    CONDITIONAL_PROMOTION = "conditional_promotion", "условный перевод"
    REPEAT_YEAR = "repeat_year", "повторное обучение"
    TRANSFER_OUT = "transfer_out", "перевод в другую организацию"
    EXPULSION = "expulsion", "отчисление"
    GRADUATION = "graduation", "выпуск"
    HIRE = "hire", "приём на работу"
    JOB_TRANSFER = "job_transfer", "перевод на другую должность"
    DISMISSAL = "dismissal", "увольнение"
    CLASS_TEACHER = "class_teacher", "классное руководство"
    METHOD_GROUP_HEAD = "method_group_head", "руководство ШМО"
    SYSTEM_ADMINISTRATOR = "system_administrator", "системный администратор"
    CREDENTIALS_OFFICER = "credentials_officer", "ответственный за учётные данные"
    INFORMATICS_SUPPORT = "informatics_support", "ответственный учитель информатики"
    DESIGNATED_PERSON = "designated_person", "уполномоченные лица"
    ACTING = "acting", "исполнение обязанностей"
    AMENDMENT = "amendment", "изменение приказа"
    CANCELLATION = "cancellation", "отмена приказа"
    GENERAL = "general", "основная деятельность"


class OrderQuerySet(models.QuerySet):
    def matching(self, query: str):
        return self.filter(search.matching(query))

    def of_year(self, year: int):
        return self.filter(date__year=year)

    def with_size(self):
        """Annotates `line_count`, for lists."""
        lines = OrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order").annotate(n=Count("*"))
        return self.annotate(line_count=Coalesce(Subquery(lines.values("n")), 0))

    def in_force(self):
        """Executed and not cancelled: other parts of the portal may rest on them."""
        return self.filter(state=Order.State.EXECUTED)

    def approving(self):
        """May approve what the school lays down: on the main activity, in force. One row tells it by `can_approve`."""
        return self.in_force().filter(kind=OrderKind.GENERAL)


class Order(models.Model):
    """One order of the director. Draft → signed → executed; or cancelled by another order.

    `number_key` is the number folded, so that «12-к» and «12-К» are one number; empty while there is none.
    `changes` is the order that an amendment changes, or a cancellation cancels.
    """

    class Register(models.TextChoices):
        PUPILS = "pupils", "контингент"
        PERSONNEL = "personnel", "личный состав"
        GENERAL = "general", "основная деятельность"

    class State(models.TextChoices):
        DRAFT = "draft", "черновик"
        SIGNED = "signed", "подписан"
        EXECUTED = "executed", "исполнен"
        CANCELLED = "cancelled", "отменён"

    kind = models.CharField("вид", max_length=24, choices=OrderKind)
    register = models.CharField("книга приказов", max_length=10, choices=Register)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.DRAFT, editable=False)
    number = models.CharField("номер", max_length=30, blank=True, help_text="Как в книге приказов: 43/1-к.")
    number_key = models.CharField(max_length=30, blank=True, editable=False)
    date = models.DateField("дата приказа", default=today, validators=POSSIBLE_DAYS)
    effective_on = models.DateField(
        "действует с",
        default=today,
        validators=POSSIBLE_DAYS,
        help_text="Увольнение — последний рабочий день, остальное — первый день.",
    )
    title = models.CharField("о чём", max_length=300)
    basis = models.CharField("основание", max_length=500, blank=True, help_text="Заявления, решение педсовета.")
    signatory = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="подписал", null=True, blank=True, related_name="+"
    )
    signatory_name = models.CharField("подпись", max_length=160, blank=True, help_text="Директор Иванова М. П.")
    scan = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="скан", null=True, blank=True, related_name="+"
    )
    changes = models.ForeignKey(
        "self", models.PROTECT, verbose_name="изменяет приказ", null=True, blank=True, related_name="changed_by"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="составил", null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField("составлен", auto_now_add=True)
    executed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="исполнил", null=True, related_name="+", editable=False
    )
    executed_at = models.DateTimeField("исполнен", null=True, editable=False)
    search = models.TextField(editable=False, default="")

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "приказ"
        verbose_name_plural = "приказы"
        ordering = ["-date", "-pk"]
        indexes = [models.Index(fields=["-date", "-id"], name="order_newest")]
        constraints = [
            models.UniqueConstraint(
                "register", "number_key", ExtractYear("date"),
                condition=~Q(number_key=""), name="order_number_once_a_year",
                violation_error_message="Приказ с таким номером в этой книге в этом году уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(number_key=""),
                name="order_signed_has_number",
                violation_error_message="У подписанного приказа есть номер.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["amendment", "cancellation"], changes__isnull=False)
                | (~Q(kind__in=["amendment", "cancellation"]) & Q(changes__isnull=True)),
                name="order_changes_another",
                violation_error_message="Изменяет или отменяет другой приказ только приказ об изменении или об отмене.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        number = f" № {self.number}" if self.number else " (без номера)"
        return f"Приказ{number} от {russian.short_date(self.date)}"

    def save(self, *args, **kwargs):
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("accounts:order_detail", args=[self.pk])

    def prepare(self) -> None:
        """Fills the hidden columns; bulk writers call it themselves."""
        self.number_key = search.fold(self.number).replace(" ", "")
        self.search = search.index(self.number, self.title, self.basis)

    @property
    def reference(self) -> str:
        """«Приказ № 43/1-к от 01.09.2026»: the ground that facts carry."""
        return str(self)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_signed(self) -> bool:
        return self.state == self.State.SIGNED

    @property
    def is_executed(self) -> bool:
        return self.state == self.State.EXECUTED

    @property
    def can_approve(self) -> bool:
        return self.is_executed and self.kind == OrderKind.GENERAL

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED


class OrderLine(models.Model):
    """One point of an order: a person, or the data of a new one, and what it says of him.

    `parents` is a list of representatives' data for a pupil who is enrolled (keys: surname, name, patronymic, kind,
    phone, email, document). `mode` matters to appointments and amendments only.
    """

    class Mode(models.TextChoices):
        APPOINT = "appoint", "назначить"
        REPLACE = "replace", "назначить вместо прежнего"
        RELEASE = "release", "освободить от обязанностей"
        EXCLUDE = "exclude", "исключить пункт"

    order = models.ForeignKey(Order, models.CASCADE, verbose_name="приказ", related_name="lines")
    number = models.PositiveIntegerField("пункт")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="человек",
        null=True,
        blank=True,
        related_name="order_lines",
    )
    surname = models.CharField("фамилия", max_length=80, blank=True)
    name = models.CharField("имя", max_length=80, blank=True)
    patronymic = models.CharField("отчество", max_length=80, blank=True)
    birth_date = models.DateField("дата рождения", null=True, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    phone = models.CharField("телефон", max_length=40, blank=True)
    parents = models.JSONField("законные представители", default=list, blank=True)
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, verbose_name="класс", null=True, blank=True, related_name="+"
    )
    position = models.ForeignKey(
        Position, models.PROTECT, verbose_name="должность", null=True, blank=True, related_name="+"
    )
    replaced_position = models.ForeignKey(
        Position, models.PROTECT, verbose_name="с какой должности", null=True, blank=True, related_name="+"
    )
    method_group = models.ForeignKey(
        MethodGroup, models.PROTECT, verbose_name="ШМО", null=True, blank=True, related_name="+"
    )
    mode = models.CharField("что сделать", max_length=10, choices=Mode, default=Mode.APPOINT)
    ends = models.DateField("по", null=True, blank=True, validators=POSSIBLE_DAYS)
    place = models.CharField("откуда или куда", max_length=300, blank=True)
    file_number = models.CharField("№ личного дела", max_length=30, blank=True)
    note = models.CharField("примечание", max_length=300, blank=True)
    is_other = models.BooleanField(
        "другой человек", default=False, help_text="Не тот, кого портал знает под этим именем и днём рождения."
    )
    amended_line = models.ForeignKey(
        "self", models.PROTECT, verbose_name="изменяемый пункт", null=True, blank=True, related_name="amended_by"
    )

    class Meta:
        verbose_name = "пункт приказа"
        verbose_name_plural = "пункты приказа"
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="order_line_number"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(surname=""),
                name="order_line_has_person",
                violation_error_message="Назовите человека.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.full_name}"

    @property
    def is_new_person(self) -> bool:
        """The account is still to be made by the execution."""
        return self.person_id is None

    @property
    def full_name(self) -> str:
        if self.person_id:
            return self.person.get_full_name()
        return " ".join(filter(None, [self.surname, self.name, self.patronymic]))


class OrderEffectQuerySet(models.QuerySet):
    def standing(self):
        """Not undone by a later amendment or cancellation."""
        return self.filter(undone_by__isnull=True)


class OrderEffect(models.Model):
    """One thing that an execution changed, with all that is needed to put it back.

    `before` and `after` are the fact's stored values: `before` is empty for an added fact, `after` for a removed one.
    """

    class Action(models.TextChoices):
        ADDED = "added", "появилось"
        CHANGED = "changed", "изменено"
        REMOVED = "removed", "убрано"

    class Fact(models.TextChoices):
        PERSON = "accounts.user", "учётная запись"
        ENROLMENT = "accounts.enrolment", "зачисление"
        APPOINTMENT = "accounts.appointment", "назначение"
        RELATION = "accounts.relation", "законный представитель"

    order = models.ForeignKey(Order, models.PROTECT, verbose_name="приказ", related_name="effects")
    line = models.ForeignKey(OrderLine, models.PROTECT, verbose_name="пункт", null=True, related_name="effects")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="человек", related_name="+")
    action = models.CharField("что сделано", max_length=8, choices=Action)
    fact = models.CharField("что именно", max_length=24, choices=Fact)
    fact_id = models.BigIntegerField("номер записи")
    before = models.JSONField("было", default=dict)
    after = models.JSONField("стало", default=dict)
    undone_by = models.ForeignKey(
        Order, models.PROTECT, verbose_name="отменено приказом", null=True, related_name="undone_effects"
    )

    objects = OrderEffectQuerySet.as_manager()

    class Meta:
        verbose_name = "действие приказа"
        verbose_name_plural = "действия приказов"
        ordering = ["pk"]
        indexes = [models.Index(fields=["fact", "fact_id"], name="order_effect_fact")]

    def __str__(self) -> str:
        return f"{self.get_fact_display()}: {self.get_action_display()}"
