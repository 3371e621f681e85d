"""The technological passport (5.8-5.10): what the school's network and computers are, by date."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from eios.lib.dates import today

# No school has more; a slip of the finger does.
MOST_COMPUTERS, MOST_MBIT = 100_000, 1_000_000


def _count(name: str, **options) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(name, validators=[MaxValueValidator(MOST_COMPUTERS)], **options)


class TechnologySheetQuerySet(models.QuerySet):
    def signed(self):
        return self.filter(signed_at__isnull=False)


class TechnologySheet(models.Model):
    """The passport on a day. Once signed by the system administrator, or who acts for him, it changes no more."""

    date = models.DateField(
        "на какой день", default=today, unique=True, error_messages={"unique": "На этот день паспорт уже составлен."}
    )
    computers = models.PositiveIntegerField(
        "компьютеров в школе",
        validators=[MinValueValidator(1), MaxValueValidator(MOST_COMPUTERS)],
        help_text="Всех: в кабинетах, учительских, библиотеке.",
    )
    in_network = _count("из них в локальной сети", help_text="Пункт 5.8: должны быть все.")
    with_internet = _count("из них с выходом в интернет", help_text="Пункт 5.8: должны быть все.")
    reaching_libraries = _count(
        "из них с доступом к библиотекам и ресурсам",
        help_text="Открываются ЭБС, ЭИР и ЭОР; пункт 5.8: должны быть все.",
    )
    channel = models.PositiveIntegerField(
        "скорость канала, Мбит/с", validators=[MinValueValidator(1), MaxValueValidator(MOST_MBIT)]
    )
    channel_is_enough = models.BooleanField("канала достаточно для всех участников", default=False)
    wifi = models.PositiveSmallIntegerField(
        "покрытие Wi-Fi, %", validators=[MaxValueValidator(100)], help_text="Пункт 5.10: не менее 80 % помещений."
    )
    servers = models.TextField(
        "серверы", blank=True, max_length=2000, help_text="Где работает портал, кто обслуживает."
    )
    notes = models.TextField("примечания", blank=True, max_length=4000, help_text="Что мешает и что планируется.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто составил", null=True, editable=False,
        related_name="+",
    )  # fmt: skip
    made_at = models.DateTimeField("когда составлен", auto_now_add=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто подписал", null=True, blank=True,
        editable=False, related_name="+",
    )  # fmt: skip
    signed_as = models.CharField("в какой должности", max_length=200, blank=True, editable=False)
    signed_at = models.DateTimeField("когда подписан", null=True, blank=True, editable=False)

    objects = TechnologySheetQuerySet.as_manager()

    class Meta:
        verbose_name = "технологический паспорт"
        verbose_name_plural = "технологический паспорт"
        ordering = ["-date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(computers__gte=1),
                name="technology_has_computers",
                violation_error_message="Укажите, сколько в школе компьютеров.",
            ),
            models.CheckConstraint(
                condition=Q(in_network__lte=F("computers"))
                & Q(with_internet__lte=F("computers"))
                & Q(reaching_libraries__lte=F("computers")),
                name="technology_not_more_than_all",
                violation_error_message="В сети, в интернете и с доступом к библиотекам не может быть больше "
                "компьютеров, чем есть в школе.",
            ),
            models.CheckConstraint(
                condition=Q(wifi__lte=100),
                name="technology_wifi",
                violation_error_message="Покрытие Wi-Fi — от 0 до 100 %.",
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | (Q(signed_by__isnull=False) & ~Q(signed_as="")),
                name="technology_signed_by",
                violation_error_message="У подписи есть подписавший и его должность.",
            ),
        ]

    def __str__(self) -> str:
        return f"Технологический паспорт на {self.date:%d.%m.%Y}"

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None
