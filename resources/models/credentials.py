"""Logins and passwords of people at elements, and pools of pseudonymous ones (5.4, 10.5, 10.6).

Passwords are sealed (eios/lib/crypto.py) for the very row that holds them: person and element are part of the seal.
"""

import base64
import datetime
import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from eios.lib import crypto
from resources.models.elements import Element


class Pool(models.Model):
    """A batch of pseudonymous accounts made for a library beforehand (10.6)."""

    element = models.ForeignKey(Element, models.PROTECT, verbose_name="библиотека", related_name="pools")
    name = models.CharField("название партии", max_length=120)
    prefix = models.CharField("начало логина", max_length=20)
    alphabet = models.CharField("знаки пароля", max_length=100)
    password_length = models.PositiveSmallIntegerField("длина пароля", default=10)
    columns = models.JSONField("столбцы файла для библиотеки", default=list)
    answer_columns = models.JSONField("столбцы ответа библиотеки", default=dict)
    hands_out_itself = models.BooleanField(
        "выдавать по заявке сразу", default=True, help_text="Пока есть свободные, заявку не ждёт решение человека."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто создал", null=True, related_name="+"
    )
    made_at = models.DateTimeField("когда создана", auto_now_add=True)

    class Meta:
        verbose_name = "партия обезличенных учётных записей"
        verbose_name_plural = "партии обезличенных учётных записей"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.element}: {self.name}"


class PoolAccountQuerySet(models.QuerySet):
    def ready(self):
        """Confirmed by the library and held by nobody, the oldest first."""
        return self.filter(state=PoolAccount.State.READY).order_by("pk")


class PoolAccount(models.Model):
    """One pseudonymous account of a pool. Who stands behind it is said by `ExternalCredential` alone."""

    class State(models.TextChoices):
        MADE = "made", "создана"
        SENT = "sent", "передана библиотеке"
        READY = "ready", "свободна"
        REFUSED = "refused", "отклонена библиотекой"
        GIVEN = "given", "выдана"
        RETURNED = "returned", "возвращена"
        CLOSED = "closed", "закрыта у библиотеки"

    pool = models.ForeignKey(Pool, models.PROTECT, verbose_name="партия", related_name="accounts")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    login = models.CharField("логин", max_length=120)
    sealed = models.TextField(editable=False)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.MADE)
    note = models.CharField("ответ библиотеки", max_length=300, blank=True)
    changed_at = models.DateTimeField("состояние с", default=timezone.now)

    objects = PoolAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "обезличенная учётная запись"
        verbose_name_plural = "обезличенные учётные записи"
        ordering = ["pk"]
        indexes = [models.Index(fields=["pool", "state"], name="pool_account_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["pool", "login"],
                name="pool_account_login_once",
                violation_error_message="Такой логин в партии уже есть.",
            )
        ]

    def __str__(self) -> str:
        return self.login

    @property
    def seal_place(self) -> str:
        """What the seal is bound to: a value copied elsewhere does not open."""
        return f"pool-account:{self.key}:{self.pool_id}"

    def seal(self, password: str) -> None:
        """Puts the password in, readable from this row only."""
        self.sealed = crypto.seal(password, row=self.seal_place)

    def unseal(self) -> str:
        """The password. Raises crypto.CannotOpen naming a missing key."""
        return crypto.unseal(self.sealed, row=self.seal_place)


class PoolAnswer(models.Model):
    """A library's answer about the accounts of a pool: the file as it came, sealed, since passwords may stand in it.

    At most one of a pool waits to be confirmed; confirmed ones stay on record with the hash of the file.
    """

    pool = models.ForeignKey(Pool, models.PROTECT, verbose_name="партия", related_name="answers")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("имя файла", max_length=200)
    size = models.PositiveIntegerField("байт")
    sha256 = models.CharField(max_length=64, editable=False)
    sealed = models.TextField(editable=False)
    counts = models.JSONField("что изменил", default=dict)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто загрузил", null=True, related_name="+"
    )
    loaded_at = models.DateTimeField("когда загружен", default=timezone.now)
    applied_at = models.DateTimeField("когда подтверждён", null=True, blank=True)

    class Meta:
        verbose_name = "ответ библиотеки"
        verbose_name_plural = "ответы библиотек"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pool"],
                condition=Q(applied_at__isnull=True),
                name="pool_answer_one_waiting",
                violation_error_message="Другой файл этой партии уже ждёт подтверждения.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pool}: {self.name}"

    @property
    def seal_place(self) -> str:
        """What the seal is bound to: a value copied elsewhere does not open."""
        return f"pool-answer:{self.key}:{self.pool_id}"

    def seal(self, content: bytes) -> None:
        """Puts the file in, readable from this row only."""
        self.size, self.sha256 = len(content), hashlib.sha256(content).hexdigest()
        self.sealed = crypto.seal(base64.b64encode(content).decode(), row=self.seal_place)

    def unseal(self) -> bytes:
        """The file as it came. Raises crypto.CannotOpen naming a missing key."""
        return base64.b64decode(crypto.unseal(self.sealed, row=self.seal_place))


class ExternalCredentialQuerySet(models.QuerySet):
    def standing(self):
        """Not ended; the term is asked by `valid`."""
        return self.filter(ended_at__isnull=True)

    def valid(self, date: datetime.date):
        """Works on the date, as far as the portal knows."""
        return self.standing().filter(Q(expires_on__isnull=True) | Q(expires_on__gte=date))

    def noted(self):
        """Written down by their owners, who alone see them."""
        return self.filter(source=ExternalCredential.Source.NOTED)

    def issued(self):
        """Given out by the school or for it; the owner's own notes are the owner's matter."""
        return self.exclude(source=ExternalCredential.Source.NOTED)

    def to_close_outside(self):
        """Ended here, and nobody has closed them at the platform yet."""
        return self.issued().filter(ended_at__isnull=False, closed_outside_at__isnull=True)

    def printable(self, date: datetime.date):
        """Valid, with a password that the owner has not seen yet: what may stand on paper."""
        return self.issued().valid(date).filter(revealed_at__isnull=True).exclude(sealed="")


class ExternalCredential(models.Model):
    """A person's login and password at an element, issued by the school or noted by the owner (10.5)."""

    class Source(models.TextChoices):
        TYPED = "typed", "выдано администратором элемента"
        GENERATED = "generated", "создано порталом"
        POOL = "pool", "из партии обезличенных"
        LIBRARY = "library", "выдала сама библиотека, в своём кабинете"
        NOTED = "noted", "записано владельцем"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    element = models.ForeignKey(Element, models.PROTECT, verbose_name="элемент", related_name="credentials")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="чьи", related_name="external_credentials"
    )
    login = models.CharField("логин", max_length=200, blank=True)
    sealed = models.TextField(editable=False, blank=True)
    source = models.CharField("откуда", max_length=10, choices=Source)
    pool_account = models.ForeignKey(
        PoolAccount, models.PROTECT, verbose_name="из партии", null=True, blank=True, related_name="credentials"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто выдал", null=True, related_name="+"
    )
    issued_at = models.DateTimeField("когда выданы", default=timezone.now)
    expires_on = models.DateField("действуют по", null=True, blank=True)
    revealed_at = models.DateTimeField("владелец открыл", null=True, blank=True)
    ended_at = models.DateTimeField("прекращены", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто прекратил", null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField("почему прекращены", max_length=300, blank=True)
    closed_outside_at = models.DateTimeField("закрыты на платформе", null=True, blank=True)
    closed_outside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто закрыл", null=True, blank=True, related_name="+"
    )

    objects = ExternalCredentialQuerySet.as_manager()

    class Meta:
        verbose_name = "учётные данные на платформе"
        verbose_name_plural = "учётные данные на платформах"
        ordering = ["element__name", "-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["element", "person"],
                condition=Q(ended_at__isnull=True),
                name="external_credential_one_standing",
                violation_error_message="Учётные данные этого элемента у человека уже есть.",
            ),
            models.UniqueConstraint(
                fields=["pool_account"],
                condition=Q(ended_at__isnull=True),
                name="external_credential_pool_once",
                violation_error_message="Эта учётная запись уже выдана другому человеку.",
            ),
            models.CheckConstraint(
                condition=~Q(login="") | Q(source="library"),
                name="external_credential_login",
                violation_error_message="Укажите логин.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(end_reason=""),
                name="external_credential_end_reason",
                violation_error_message="Укажите, почему учётные данные прекращены.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element}: {self.person}"

    @property
    def seal_place(self) -> str:
        """What the seal is bound to: a value copied elsewhere does not open."""
        return f"external:{self.key}:{self.person_id}:{self.element_id}"

    @property
    def has_password(self) -> bool:
        return bool(self.sealed)

    def seal(self, password: str) -> None:
        """Puts the password in, readable from this row, person and element only."""
        self.sealed = crypto.seal(password, row=self.seal_place) if password else ""

    def unseal(self) -> str:
        """The password. Raises crypto.CannotOpen naming a missing key."""
        return crypto.unseal(self.sealed, row=self.seal_place)

    def is_expired(self, date: datetime.date) -> bool:
        return self.expires_on is not None and self.expires_on < date


class CredentialLink(models.Model):
    """A one-time link by e-mail that shows a credential once (10.6). Holds only a digest."""

    credential = models.ForeignKey(
        ExternalCredential, models.CASCADE, verbose_name="учётные данные", related_name="links"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто отправил", null=True, related_name="+"
    )
    issued_at = models.DateTimeField("отправлена", default=timezone.now)
    expires_at = models.DateTimeField("действует до")
    used_at = models.DateTimeField("открыта", null=True, blank=True)

    class Meta:
        verbose_name = "ссылка на учётные данные"
        verbose_name_plural = "ссылки на учётные данные"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.credential}: ссылка от {timezone.localtime(self.issued_at):%d.%m.%Y}"
