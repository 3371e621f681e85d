"""Does an element still meet what is asked of it (3.1), and did an outside service before it was connected (5.1)?"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from eios.lib.dates import today
from resources.models.elements import Element


class ReviewQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-on", "-pk")

    def newest_of(self, element_key):
        """Reviews of one element, the newest first; for a key or an OuterRef."""
        return self.filter(element=element_key).newest_first()


class Review(models.Model):
    """A yearly review of an element: does it comply, on what ground, who says so (3.1). Never changed or deleted."""

    element = models.ForeignKey(Element, models.PROTECT, verbose_name="элемент", related_name="reviews")
    on = models.DateField("дата проверки", default=today)
    complies = models.BooleanField("соответствует")
    ground = models.CharField("на основании чего", max_length=300)
    note = models.TextField("замечания", max_length=2000, blank=True)
    next_due = models.DateField("следующая проверка не позднее")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто проверил", related_name="+")
    recorded_at = models.DateTimeField("внесена", default=timezone.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "проверка элемента"
        verbose_name_plural = "проверки элементов"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["element", "-on", "-id"], name="review_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_due__gt=F("on")),
                name="review_next_due_later",
                violation_error_message="Следующая проверка — позже этой.",
            ),
            models.CheckConstraint(
                condition=Q(complies=True) | ~Q(note=""),
                name="review_says_what_is_wrong",
                violation_error_message="Напишите, чему элемент не соответствует.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element}: проверка {self.on:%d.%m.%Y}"


class ServiceConnection(models.Model):
    """What is known of an outside service before it is connected (5.1): data passed, ground, place, requirements.

    Confirmed by the system administrator; whatever is changed afterwards waits for a new confirmation.
    """

    class Ground(models.TextChoices):
        NONE = "none", "персональные данные не передаются"
        LAW = "law", "закон"
        CONTRACT = "contract", "договор или соглашение"
        CONSENT = "consent", "согласие"

    class Place(models.TextChoices):
        RUSSIA = "russia", "в России"
        ABROAD = "abroad", "за пределами России"
        UNKNOWN = "unknown", "не выяснено"

    element = models.OneToOneField(Element, models.PROTECT, verbose_name="элемент", related_name="connection")
    data_passed = models.CharField(
        "какие персональные данные передаются", max_length=500, blank=True,
        help_text="Например: фамилия, имя, класс, электронная почта. Пусто, если никакие.",
    )  # fmt: skip
    ground = models.CharField("основание передачи", max_length=10, choices=Ground, default=Ground.NONE)
    ground_words = models.CharField(
        "какой закон, договор или согласие", max_length=300, blank=True, help_text="Название, номер, дата."
    )
    place = models.CharField("где серверы службы", max_length=10, choices=Place, default=Place.UNKNOWN)
    changed_at = models.DateTimeField("изменено", default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто изменил", null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("подтверждено", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто подтвердил", null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "подключение внешней службы"
        verbose_name_plural = "подключения внешних служб"
        ordering = ["element__order", "element__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(data_passed="", ground="none") | (~Q(data_passed="") & ~Q(ground="none")),
                name="connection_ground_of_data",
                violation_error_message="Назовите и передаваемые данные, и основание — или отметьте, что данные "
                "не передаются, и оставьте поле о данных пустым.",
            ),
            models.CheckConstraint(
                condition=Q(ground="none") | ~Q(ground_words=""),
                name="connection_ground_words",
                violation_error_message="Назовите закон, договор или согласие: на каком основании передаются данные.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element}: подключение"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def version(self) -> str:
        """The same as long as nobody has changed the record; confirming sends back the version that was seen."""
        return self.changed_at.isoformat()

    @property
    def words(self) -> str:
        """What the public card says of the data (5.1)."""
        if not self.data_passed:
            return "Персональные данные этой службе школа не передаёт."
        return f"Передаются: {self.data_passed}. Основание: {self.get_ground_display()} — {self.ground_words}."


class ConnectionAnswer(models.Model):
    """Does the service meet one of the seven groups of requirements of clause 5.1?"""

    class Requirement(models.TextChoices):
        ACCESS = "access", "Разграничение доступа"
        PERSONAL_DATA = "personal_data", "Защита персональных данных пользователей"
        INFORMATION = "information", "Защита информации"
        NETWORK = "network", "Локальная сеть школы"
        TECHNICAL = "technical", "Технические требования к доступу пользователей"
        WEB_SERVICES = "web_services", "Подключение веб-сервисов"
        USERS = "users", "Требования к пользователям"

    class Answer(models.TextChoices):
        MEETS = "meets", "соответствует"
        FAILS = "fails", "не соответствует"
        NOT_APPLICABLE = "na", "не относится"

    connection = models.ForeignKey(ServiceConnection, models.CASCADE, related_name="answers")
    requirement = models.CharField("требование", max_length=15, choices=Requirement)
    answer = models.CharField("ответ", max_length=5, choices=Answer)
    words = models.CharField("пояснение", max_length=300, blank=True)

    class Meta:
        verbose_name = "ответ о требовании"
        verbose_name_plural = "ответы о требованиях"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "requirement"], name="connection_answer_once"),
            models.CheckConstraint(
                condition=Q(answer="meets") | ~Q(words=""),
                name="connection_answer_words",
                violation_error_message="Поясните ответ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_requirement_display()}: {self.get_answer_display()}"
