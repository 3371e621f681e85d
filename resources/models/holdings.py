"""What there is to read: outside e-resources and editions of the library (1.3 a, 1.6, 3.7, 10.7)."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from eios.lib import isbn, search
from eios.lib.dates import today
from resources.models.elements import validate_address
from resources.models.grades import ForGrades, ForGradesQuerySet

FIRST_YEAR, MOST = 1800, 30_000


def validate_web_address(value: str) -> None:
    """An http(s) address, or nothing: no mail, no page of this portal, no scheme that runs. Raises ValidationError."""
    if not re.match(r"https?://", value, re.IGNORECASE):
        raise ValidationError(f"Не похоже на адрес сайта: «{value}». Нужен https://… или http://….")
    validate_address(value)


def validate_year(value: int) -> None:
    """A year when it could have been printed; the coming one stands on books that come out in autumn."""
    if not FIRST_YEAR <= value <= today().year + 1:
        raise ValidationError(f"Год издания — от {FIRST_YEAR} до {today().year + 1}.")


def validate_isbn(value: str) -> None:
    try:
        isbn.clean(value)
    except isbn.WrongIsbn as refusal:
        raise ValidationError(str(refusal)) from refusal


class HoldingQuerySet(ForGradesQuerySet):
    def active(self):
        return self.filter(state=Holding.State.ACTIVE)

    def matching(self, query: str):
        return self.filter(search.matching(query))


class Holding(ForGrades):
    """What the school reads by. Withdrawn, it stays where it was named before, and is offered no more.

    Work programmes point here; a row is therefore withdrawn, never deleted.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "действует"
        WITHDRAWN = "withdrawn", "выведено из обращения"

    title = models.CharField("название", max_length=300)
    publisher = models.CharField("издатель", max_length=200, blank=True)
    address = models.CharField("электронный адрес", max_length=500, blank=True, validators=[validate_web_address])
    element = models.ForeignKey(
        "resources.Element", models.PROTECT, verbose_name="на какой платформе читают", null=True, blank=True,
        related_name="%(class)ss",
    )  # fmt: skip
    subjects = models.ManyToManyField("resources.Subject", verbose_name="предметы", blank=True)
    annotation = models.TextField("аннотация", blank=True, max_length=2000, help_text="О чём это и чем полезно.")
    state = models.CharField("состояние", max_length=10, choices=State, default=State.ACTIVE, editable=False)
    withdrawn_on = models.DateField("с какого дня выведено", null=True, blank=True, editable=False)
    withdrawn_why = models.CharField("почему выведено", max_length=300, blank=True, editable=False)
    added_at = models.DateTimeField("когда внесено", auto_now_add=True)
    search = models.TextField(editable=False, default="")

    objects = HoldingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["title", "pk"]
        constraints = [
            *ForGrades.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state="active", withdrawn_on__isnull=True)
                | (Q(state="withdrawn", withdrawn_on__isnull=False) & ~Q(withdrawn_why="")),
                name="%(class)s_withdrawn",
                violation_error_message="У выведенного из обращения есть день и причина.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    # What pages and addresses call it: «library_resource_detail».
    noun = ""

    @property
    def caption(self) -> str:
        """Enough to tell it from others in a list of different things."""
        return self.title

    def get_absolute_url(self) -> str:
        return reverse(f"resources:library_{self.noun}_detail", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def host(self) -> str:
        """The address as people say it: without scheme and slash."""
        return re.sub(r"^https?://", "", self.address, flags=re.IGNORECASE).rstrip("/")

    def prepare_search(self, subjects) -> None:
        """Never the platform's name: it may be one that not everybody may know of."""
        names = [subject.name for subject in subjects]
        self.search = search.index(self.title, self.publisher, self.annotation, self.host, *names)


class OutsideResource(Holding):
    """An outside e-resource: ЭИР, ЭОР, a professional database or a reference system (1.6, 3.7)."""

    class Kind(models.TextChoices):
        INFORMATIONAL = "eir", "ЭИР — информационный ресурс"
        EDUCATIONAL = "eor", "ЭОР — образовательный ресурс"
        DATABASE = "database", "профессиональная база данных"
        REFERENCE = "reference", "справочная система"

    noun = "resource"

    kind = models.CharField("вид", max_length=10, choices=Kind)
    federal_act = models.CharField(
        "приказ о федеральном перечне", max_length=200, blank=True,
        help_text="Если ресурс в федеральном перечне: каким приказом, с датой и номером.",
    )  # fmt: skip
    federal_number = models.CharField("№ в перечне", max_length=40, blank=True)
    federal_date = models.DateField("дата включения в перечень", null=True, blank=True)

    class Meta(Holding.Meta):
        verbose_name = "внешний электронный ресурс"
        verbose_name_plural = "внешние электронные ресурсы"
        constraints = [
            *Holding.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(federal_act="") | Q(federal_number="", federal_date__isnull=True),
                name="outsideresource_federal_act",
                violation_error_message="Назовите приказ, которым утверждён федеральный перечень.",
            ),
        ]

    @property
    def is_on_federal_list(self) -> bool:
        return bool(self.federal_act)


class LibraryEdition(Holding):
    """A book of the library: on its shelves, or in an e-library where it is read (10.7).

    The fields are the areas of ГОСТ Р 7.0.100-2018; `resources.bibliography` makes the line of them.
    """

    class Kind(models.TextChoices):
        TEXTBOOK = "textbook", "учебник"
        AID = "aid", "учебное пособие"
        FICTION = "fiction", "художественная литература"
        REFERENCE = "reference", "словарь или справочник"
        METHOD = "method", "методическое пособие"
        OTHER = "other", "другое"

    noun = "edition"

    kind = models.CharField("вид", max_length=10, choices=Kind)
    author = models.CharField(
        "автор, первый в описании", max_length=120, blank=True,
        help_text="Фамилия, запятая, инициалы: «Макарычев, Ю. Н.» У сборника без автора — пусто.",
    )  # fmt: skip
    subtitle = models.CharField(
        "сведения к названию", max_length=200, blank=True, help_text="«7-й класс : учебник», «роман»."
    )
    responsibility = models.CharField(
        "авторы, редакторы, составители", max_length=300, blank=True,
        help_text="Как на титульном листе: «Ю. Н. Макарычев, Н. Г. Миндюк ; под ред. С. А. Теляковского».",
    )  # fmt: skip
    statement = models.CharField("сведения об издании", max_length=80, blank=True, help_text="«16-е изд., стер.»")
    place = models.CharField("место издания", max_length=80, blank=True, help_text="«Москва».")
    year = models.PositiveSmallIntegerField("год издания", validators=[validate_year])
    pages = models.PositiveSmallIntegerField(
        "страниц", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST)]
    )
    isbn = models.CharField("ISBN", max_length=20, blank=True, validators=[validate_isbn])
    copies = models.PositiveSmallIntegerField(
        "экземпляров на полках", default=0, validators=[MaxValueValidator(MOST)], help_text="Нет на полках — 0."
    )

    class Meta(Holding.Meta):
        verbose_name = "издание библиотеки"
        verbose_name_plural = "издания библиотеки"
        constraints = [
            *Holding.Meta.constraints,
            models.CheckConstraint(
                condition=Q(copies__gte=1) | Q(element__isnull=False) | ~Q(address=""),
                name="libraryedition_is_somewhere",
                violation_error_message="Скажите, где издание читают: сколько экземпляров на полках, "
                "на какой платформе или по какому адресу.",
            ),
        ]

    def prepare_search(self, subjects) -> None:
        super().prepare_search(subjects)
        number = self.isbn.replace("-", "")
        self.search += search.index(self.author, self.responsibility, self.subtitle, number)

    @property
    def caption(self) -> str:
        return " ".join(filter(None, [self.author, " : ".join(filter(None, [self.title, self.subtitle]))]))
