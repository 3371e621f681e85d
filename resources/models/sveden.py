"""«Сведения об образовательной организации»: what is typed, when it was looked through, what was taken out (8.1, 8.3).

Names of subsections and fields are not here: the one table of them is resources/data/sveden.toml.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from accounts.models import SchoolCard
from resources.models.documents import Document
from resources.models.elements import validate_address

ONE = 0  # The row of what stands once, and of a whole group of rows.


class SvedenSettings(models.Model):
    """Where the pages live: here, or on the official site for which they are taken out. Always the row with key 1."""

    class Place(models.TextChoices):
        HERE = "here", "размещаются здесь"
        OUTSIDE = "outside", "выгружаются на официальный сайт"

    place = models.CharField("где размещаются сведения", max_length=10, choices=Place, default=Place.HERE)
    official_address = models.CharField(
        "адрес раздела на официальном сайте", max_length=300, blank=True, validators=[URLValidator(["http", "https"])],
        help_text="Например, http://school-29.ru/sveden/. Пусто — адрес сайта из карточки школы.",
    )  # fmt: skip

    class Meta:
        verbose_name = "размещение сведений"
        verbose_name_plural = "размещение сведений"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="sveden_settings_is_one")]

    def __str__(self) -> str:
        return self.get_place_display()

    @property
    def is_outside(self) -> bool:
        return self.place == self.Place.OUTSIDE

    def address_on(self, school: SchoolCard) -> str:
        """Where the subsections stand on the official site, with a slash at the end; "" where no site is known."""
        site = school.site.rstrip("/")
        address = self.official_address or (f"{site}/sveden/" if site else "")
        return address and f"{address.rstrip('/')}/"

    @classmethod
    def current(cls) -> "SvedenSettings":
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class SvedenValue(models.Model):
    """What a field says where the portal does not know it by itself: words, an address, a file, a document, or «нет».

    `row` is ONE for what stands once; in a group it is the number of the typed row, or the key of the row that the
    portal made (a person, a grade). A value of a group alone, with an empty `field`, says «нет» of the whole group.
    """

    section = models.CharField("подраздел", max_length=30)
    block = models.CharField("блок", max_length=30)
    field = models.CharField("поле", max_length=30, blank=True)
    row = models.PositiveBigIntegerField("строка", default=ONE)
    text = models.TextField("текст", blank=True, max_length=4000)
    link = models.CharField("адрес", max_length=500, blank=True, validators=[validate_address])
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name="документ портала", null=True, blank=True, related_name="+"
    )
    file = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="файл", null=True, blank=True, related_name="sveden_values"
    )
    is_none = models.BooleanField("нет", default=False)
    changed_at = models.DateTimeField("когда изменено", auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто изменил", null=True, editable=False,
        related_name="+",
    )  # fmt: skip

    class Meta:
        verbose_name = "значение сведений"
        verbose_name_plural = "значения сведений"
        ordering = ["section", "block", "row", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "block", "field", "row"], name="sveden_value_once",
                violation_error_message="Это поле уже заполнено.",
            ),
            models.CheckConstraint(
                condition=Q(is_none=False) | Q(text="", link="", document__isnull=True, file__isnull=True),
                name="sveden_none_says_nothing_else",
                violation_error_message="Либо «нет», либо значение.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return "/".join(filter(None, [self.section, self.block, self.field, str(self.row or "")]))

    @property
    def is_empty(self) -> bool:
        return not (self.is_none or self.text or self.link or self.document_id or self.file_id)

    def clean(self) -> None:
        if self.is_none and (self.text or self.link or self.document_id or self.file_id):
            raise ValidationError("Отмечено «нет», но значение заполнено: уберите одно из двух.")
        if self.link and urlsplit(self.link).scheme == "":
            raise ValidationError({"link": "Нужен полный адрес: https://… или http://…."})


class SvedenCheck(models.Model):
    """Somebody has looked a subsection through and found nothing to change (clause 6 of the rules: 10 working days)."""

    section = models.CharField("подраздел", max_length=30)
    at = models.DateTimeField("когда", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто", null=True, related_name="+"
    )  # fmt: skip

    class Meta:
        verbose_name = "проверка сведений"
        verbose_name_plural = "проверки сведений"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["section", "-at"], name="sveden_check_section")]

    def __str__(self) -> str:
        return f"{self.section}: {self.at:%d.%m.%Y}"


class SvedenExport(models.Model):
    """What was taken out for the official site, when and by whom (8.3). The archive itself is not kept.

    `prints` has a print of what each subsection said, to tell later whether the school's data have changed since.
    """

    at = models.DateTimeField("когда", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто", null=True, related_name="+")
    sha256 = models.CharField("контрольная сумма", max_length=64)
    size = models.PositiveBigIntegerField("байт")
    pages = models.PositiveIntegerField("страниц")
    files = models.PositiveIntegerField("файлов")
    prints = models.JSONField("отпечатки подразделов", default=dict)

    class Meta:
        verbose_name = "выгрузка сведений"
        verbose_name_plural = "выгрузки сведений"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"Выгрузка сведений {self.at:%d.%m.%Y %H:%M}"
