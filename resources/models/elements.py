"""The registry of the environment's elements (3.4, 4.1, 4.5)."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from eios.lib import search

FREE, AUTHORISED, STAFF, METHODICAL, MANAGEMENT, BY_NAME = range(6)
DEFAULT_CLOSURE = MANAGEMENT
LEVELS = {
    FREE: "открыто всем",
    AUTHORISED: "по учётной записи",
    STAFF: "работники",
    METHODICAL: "руководители ШМО и выше",
    MANAGEMENT: "руководство",
    BY_NAME: "поимённо",
}


# Pages of the registry and of the desk stand where an element's own would.
TAKEN_SLUGS = frozenset({"availability", "export", "import", "reviews", "tasks"})


def validate_slug(value: str) -> None:
    if value in TAKEN_SLUGS:
        raise ValidationError(f"Адрес «{value}» занят страницей портала: выберите другой.")


def validate_address(value: str) -> None:
    """An http(s) address (IDN hosts too), a mailto:, a path of this portal, or nothing. Raises ValidationError."""
    if value.startswith("/") and not value.startswith("//"):
        return
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        parts, host = None, None
    if parts and parts.scheme == "mailto" and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", parts.path):
        return
    if parts and parts.scheme in ("http", "https") and host and "." in host and not re.search(r"\s", value):
        return
    raise ValidationError(f"Не похоже на адрес: «{value}». Нужен https://…, http://… или mailto:….")


class Level(models.Model):
    """The editable name of a level of closure and access (5.2)."""

    number = models.PositiveSmallIntegerField("уровень", primary_key=True)
    name = models.CharField("название", max_length=80)
    about = models.CharField("кому открыто", max_length=200, blank=True)

    class Meta:
        verbose_name = "уровень доступа"
        verbose_name_plural = "уровни доступа"
        ordering = ["number"]
        constraints = [models.CheckConstraint(condition=Q(number__range=(0, 5)), name="level_number")]

    def __str__(self) -> str:
        return f"{self.number} — {self.name}"


class ElementQuerySet(models.QuerySet):
    def platforms(self):
        """The rows of the table of clause 4.5 and others of their kind."""
        return self.filter(kind=Element.Kind.EXTERNAL, parent__isnull=True)

    def sections(self):
        """Built-in sections of the portal, apart from the platforms."""
        return self.filter(kind=Element.Kind.BUILT_IN, parent__isnull=True)

    def besides_courses(self):
        """Lists of the registry leave courses to their own list: there may be hundreds."""
        return self.filter(course__isnull=True)

    def matching(self, query: str):
        return self.filter(search.matching(query))


class Element(models.Model):
    """An element of the environment, or a part of one."""

    class Component(models.TextChoices):
        ADMINISTRATIVE = "administrative", "Административный"
        NORMATIVE = "normative", "Нормативный"
        INFORMATIONAL = "informational", "Информационный"
        EDUCATIONAL = "educational", "Учебный"
        TECHNOLOGICAL = "technological", "Технологический"

    class Kind(models.TextChoices):
        EXTERNAL = "external", "внешняя платформа"
        BUILT_IN = "built_in", "раздел портала"

    class OutsideAccess(models.TextChoices):
        FREE = "free", "Свободный"
        AUTHORISED = "authorised", "Авторизованный"

    class LibraryWay(models.TextChoices):
        """How one gets into an electronic library (10.5, 10.6)."""

        FREE = "free", "открыта всем, вход не нужен"
        OWN_AT_SCHOOL = "own_at_school", "регистрируются сами, из сети школы"
        OWN_ANYWHERE = "own_anywhere", "регистрируются сами, откуда угодно"
        CODES = "codes", "по личным кодам, которые выдаёт школа"
        POOL = "pool", "по обезличенным учётным записям, подготовленным заранее"

    class Keeping(models.TextChoices):
        """May the portal keep a person's login and password at the element?"""

        KEPT = "kept", "портал хранит логины и пароли"
        STATE_SIGN_IN = "state", "вход через Госуслуги: паролей портал не хранит"
        NAMELESS = "nameless", "коды не связывают с именем: портал их не хранит"

    slug = models.SlugField("адрес карточки", unique=True, max_length=60, validators=[validate_slug])
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="часть элемента", null=True, blank=True, related_name="parts"
    )
    number = models.PositiveSmallIntegerField(
        "№ в таблице п. 4.5", null=True, blank=True, unique=True,
        error_messages={"unique": "Строка с таким номером уже есть."},
    )  # fmt: skip
    name = models.CharField("название", max_length=200)
    kind = models.CharField("вид", max_length=10, choices=Kind, default=Kind.EXTERNAL)
    component = models.CharField("компонент", max_length=20, choices=Component, default=Component.INFORMATIONAL)
    address = models.CharField("электронный адрес", max_length=500, blank=True, validators=[validate_address])
    outside_access = models.CharField(
        "доступ для пользователей", max_length=10, choices=OutsideAccess, default=OutsideAccess.AUTHORISED,
        help_text="Дверь самой платформы, как в таблице п. 4.5.",
    )  # fmt: skip
    own_closure = models.PositiveSmallIntegerField(
        "уровень закрытости", null=True, blank=True, choices=list(LEVELS.items()),
        validators=[MinValueValidator(0), MaxValueValidator(5)],
        help_text="Пусто: как у элемента, частью которого является; у нового корневого — 4.",
    )  # fmt: skip
    closure = models.PositiveSmallIntegerField("действующая закрытость", default=DEFAULT_CLOSURE, editable=False)
    closure_ground = models.ForeignKey(
        "resources.Document", models.PROTECT, verbose_name="закрытость установлена документом", null=True, blank=True,
        related_name="closures", help_text="Политика безопасности школы (5.3).",
    )  # fmt: skip
    governed_by = models.ManyToManyField(
        "resources.Document", verbose_name="какими актами регулируется доступ", blank=True, related_name="elements"
    )
    library_way = models.CharField(
        "как попадают в библиотеку", max_length=15, choices=LibraryWay, blank=True,
        help_text="Только для электронных библиотек: закрыть их выше уровня 1 нельзя (10.1).",
    )  # fmt: skip
    keeping = models.CharField("логины и пароли", max_length=10, choices=Keeping, default=Keeping.KEPT)
    purpose = models.CharField("для чего", max_length=300, blank=True)
    how_to_get_in = models.TextField("как войти", max_length=3900, blank=True)
    procedure_url = models.CharField(
        "порядок самой платформы", max_length=500, blank=True, validators=[validate_address]
    )
    contact = models.CharField("к кому обращаться", max_length=200, blank=True)
    icon = models.SlugField("значок", max_length=30, blank=True)
    doubtful = models.CharField("сомнение", max_length=300, blank=True, help_text="Видит только администратор.")
    is_listed = models.BooleanField("в открытом реестре", default=True)
    order = models.PositiveSmallIntegerField("порядок", default=100)
    updated_at = models.DateTimeField("изменён", auto_now=True)
    search = models.TextField(editable=False, default="")

    objects = ElementQuerySet.as_manager()

    class Meta:
        verbose_name = "элемент ЭИОС"
        verbose_name_plural = "реестр элементов"
        ordering = ["order", "number", "name"]
        permissions = [("administer_element", "Администрирует элемент")]
        constraints = [
            models.CheckConstraint(
                condition=Q(own_closure__isnull=True) | Q(own_closure__range=(0, 5)),
                name="element_own_closure",
                violation_error_message="Уровень закрытости — от 0 до 5.",
            ),
            models.CheckConstraint(condition=Q(closure__range=(0, 5)), name="element_closure"),
            models.CheckConstraint(
                condition=Q(library_way="") | Q(closure__lte=AUTHORISED),
                name="element_library_is_open",
                violation_error_message="Право доступа к библиотеке имеют все пользователи (10.1): "
                "закрыть её выше уровня 1 нельзя.",
            ),
            models.CheckConstraint(
                condition=~Q(parent=models.F("pk")),
                name="element_not_own_part",
                violation_error_message="Элемент не может быть частью самого себя.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.prepare_search()
        super().save(*args, **kwargs)

    def prepare_search(self) -> None:
        # Only the card's outside: a search must not tell what stands inside a closed card.
        self.search = search.index(self.name, self.purpose, self.host, self.contact)

    @property
    def is_built_in(self) -> bool:
        return self.kind == self.Kind.BUILT_IN

    @property
    def is_page_of_portal(self) -> bool:
        """Does the address lead to a page of this portal: a section's, or that of the table's row 18?"""
        return self.address.startswith("/")

    @property
    def host(self) -> str:
        """The address as people say it: without scheme and slash, an IDN host in its own letters."""
        if self.is_mail:
            return self.address.removeprefix("mailto:")
        return re.sub(r"^https?://", "", self.address).rstrip("/")

    @property
    def is_library(self) -> bool:
        return bool(self.library_way)

    @property
    def keeps_credentials(self) -> bool:
        """May anybody's login and password at this element stand in the portal?"""
        return self.keeping == self.Keeping.KEPT and not self.is_built_in

    @property
    def is_mail(self) -> bool:
        return self.address.startswith("mailto:")

    @property
    def link(self) -> str:
        """Where the card leads; "" when there is no address."""
        return self.address


class Reach(models.Model):
    """An element lies at or below another, and whether privileges given there reach it; derived, kept by actions.

    A 5 set on the way down stops privileges (5.2); administering and conditions pass everything.
    """

    element = models.ForeignKey(Element, models.CASCADE, related_name="reached_from")
    above = models.ForeignKey(Element, models.CASCADE, related_name="reaches")
    by_privilege = models.BooleanField()

    class Meta:
        verbose_name = "место элемента в дереве"
        verbose_name_plural = "места элементов в дереве"
        constraints = [models.UniqueConstraint(fields=["element", "above"], name="reach_once")]

    def __str__(self) -> str:
        return f"{self.element} ← {self.above}"
