"""Documents, their editions and who is acquainted with them (1.2, 3.2, 3.3, 4.4, 5.11, 13)."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from accounts.models import AgreementEdition, Order
from eios.lib import russian, search, text
from eios.lib.dates import today
from resources.models.elements import validate_address

LONGEST_TEXT = 400_000


class DocumentQuerySet(models.QuerySet):
    def policies(self):
        """Documents under which closure is set (5.3)."""
        return self.filter(kind=Document.Kind.POLICY)

    def published(self, date: datetime.date):
        """What everybody may see: an edition has begun, or there is a card alone, as of an outside act (1.2)."""
        editions = Edition.objects.filter(document=OuterRef("pk"))
        return self.filter(Exists(editions.in_force(date)) | ~Exists(editions))

    def standing(self, date: datetime.date):
        """Documents that have not lost force by the date."""
        return self.filter(Q(lost_force_on__isnull=True) | Q(lost_force_on__gt=date))

    def with_edition(self, date: datetime.date):
        """Annotates the key of the edition in force, for lists of whom it still waits for."""
        newest = Edition.objects.in_force(date).filter(document=OuterRef("pk")).values("pk")[:1]
        return self.annotate(_edition=Subquery(newest))

    def acquainted(self, person_key, date: datetime.date):
        """Documents whose edition in force the person has read; for a key or an OuterRef."""
        read = Acquaintance.objects.filter(person=person_key).values("edition")
        return self.with_edition(date).filter(_edition__in=read)

    def matching(self, query: str):
        return self.filter(search.matching(query))


class Document(models.Model):
    """An act that the environment lives by: the school's own, or one of a higher level (1.2, 4.4).

    Number, date and title may be missing; the name is then made of what there is. `code` names a row of the data files.
    """

    class Level(models.TextChoices):
        FEDERAL = "federal", "федеральный"
        REGIONAL = "regional", "региональный"
        MUNICIPAL = "municipal", "муниципальный"
        SCHOOL = "school", "школьный"

    class Kind(models.TextChoices):
        REGULATION = "regulation", "положение"
        POLICY = "policy", "политика безопасности"
        RULES = "rules", "правила или порядок"
        INSTRUCTION = "instruction", "инструкция"
        CHARTER = "charter", "устав"
        ORDER = "order", "приказ"
        LAW = "law", "закон"
        DECREE = "decree", "постановление"
        LETTER = "letter", "письмо"
        OTHER = "other", "иной документ"

    level = models.CharField("уровень", max_length=10, choices=Level, default=Level.SCHOOL)
    kind = models.CharField("вид", max_length=15, choices=Kind, default=Kind.RULES)
    title = models.CharField(
        "название", max_length=600, blank=True, help_text="Как в самом документе: «Об утверждении порядка…»."
    )
    short_name = models.CharField("коротко", max_length=120, blank=True, help_text="Для списков: «ФГОС ООО».")
    issuer = models.CharField(
        "кто издал", max_length=300, blank=True,
        help_text="Как в названии, чей это документ: «Министерства просвещения РФ».",
    )  # fmt: skip
    number = models.CharField("номер", max_length=60, blank=True)
    date = models.DateField("дата", null=True, blank=True)
    official_url = models.CharField(
        "официальная публикация", max_length=500, blank=True, validators=[validate_address],
        help_text="Адрес, по которому документ опубликован официально.",
    )  # fmt: skip
    file = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="файл", null=True, blank=True, related_name="+"
    )
    lost_force_on = models.DateField(
        "утратил силу с", null=True, blank=True, editable=False, help_text="С этого дня документ не действует."
    )
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, verbose_name="заменён документом", null=True, blank=True, editable=False,
        related_name="replaces",
    )  # fmt: skip
    code = models.SlugField("ключ", max_length=60, unique=True, null=True, editable=False)
    search = models.TextField(editable=False, default="")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "документ"
        verbose_name_plural = "документы"
        ordering = ["title", "date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(lost_force_on__isnull=False),
                name="document_replaced_lost_force",
                violation_error_message="Заменённый документ утратил силу: укажите, с какого дня.",
            ),
            models.CheckConstraint(
                condition=~Q(replaced_by=F("id")),
                name="document_not_replaced_by_itself",
                violation_error_message="Документ не может заменить сам себя.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.title or self.full_name

    def save(self, *args, **kwargs):
        self.prepare()
        super().save(*args, **kwargs)

    def prepare(self) -> None:
        """Fills the hidden column."""
        self.search = search.index(
            self.title, self.short_name, self.issuer, self.number, self.get_kind_display(), self.get_level_display()
        )

    def clean(self) -> None:
        """A document is told from others by a title, a number, or, as a charter, by whose it is."""
        self.code = self.code or None
        if not (self.title or self.number or (self.kind == self.Kind.CHARTER and self.issuer)):
            raise ValidationError({"title": "Назовите документ: нужно название или номер."})

    @property
    def heading(self) -> str:
        """The title, or, where there is none, all that the document is known by."""
        return self.title or self.full_name

    @property
    def requisites(self) -> str:
        """«Письмо министерства … от 09.09.2016 № 47-16147/16-11», «Устав МКОУООШ №29», without the title."""
        is_federal_law = self.kind == self.Kind.LAW and self.level == self.Level.FEDERAL
        kind = "Федеральный закон" if is_federal_law else self.get_kind_display().capitalize()
        return " ".join(filter(None, [kind, self.issuer, self._mark]))

    @property
    def _mark(self) -> str:
        """«от 29.12.2012 № 273-ФЗ», as far as it is known."""
        date = f"от {russian.short_date(self.date)}" if self.date else ""
        return " ".join(filter(None, [date, f"№ {self.number}" if self.number else ""]))

    @property
    def full_name(self) -> str:
        """As an act is cited: requisites with the title in quotes, or the title that says already what it is."""
        if not self.title:
            return self.requisites
        if self.title.casefold().startswith(self.get_kind_display().split()[0]):
            return " ".join(filter(None, [self.title, self._mark]))
        return f"{self.requisites} «{self.title}»"

    def edition_on(self, date: datetime.date) -> "Edition | None":
        """The edition in force on the date."""
        return self.editions.in_force(date).first()

    def has_lost_force(self, date: datetime.date) -> bool:
        return self.lost_force_on is not None and self.lost_force_on <= date


class EditionQuerySet(models.QuerySet):
    def in_force(self, date: datetime.date):
        """Editions that have begun, the one in force first: a new one ends the former on its day (13)."""
        return self.filter(in_force_from__lte=date).order_by("-in_force_from")


class Edition(models.Model):
    """The text of a document in force from a day until the next edition's day (13). Markdown."""

    document = models.ForeignKey(Document, models.PROTECT, verbose_name="документ", related_name="editions")
    number = models.PositiveSmallIntegerField("номер редакции")
    text = models.TextField(
        "текст",
        blank=True,
        max_length=LONGEST_TEXT,
        validators=[text.validate_markdown],
        help_text="Markdown: заголовки «##», списки «-».",
    )
    file = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="файл", null=True, blank=True, related_name="+"
    )
    in_force_from = models.DateField("действует с", default=today)
    basis = models.CharField("чем утверждена", max_length=300, blank=True, help_text="Приказ, протокол педсовета.")
    adopted_by = models.CharField("кем принята", max_length=200, blank=True, help_text="Педагогический совет.")
    protocol_number = models.CharField("номер протокола", max_length=30, blank=True)
    protocol_date = models.DateField("дата протокола", null=True, blank=True)
    parents_opinion = models.CharField(
        "мнение совета родителей", max_length=300, blank=True, help_text="«Учтено, протокол № 2 от 28.08.2026»."
    )
    pupils_opinion = models.CharField(
        "мнение совета обучающихся", max_length=300, blank=True, help_text="«Учтено, протокол № 1 от 27.08.2026»."
    )
    order = models.ForeignKey(
        Order, models.PROTECT, verbose_name="приказ об утверждении", null=True, blank=True, related_name="+"
    )
    agreement = models.ForeignKey(
        AgreementEdition, models.PROTECT, verbose_name="редакция соглашения", null=True, blank=True, related_name="+",
        help_text="Если вместе с документом меняется пользовательское соглашение.",
    )  # fmt: skip

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "редакция документа"
        verbose_name_plural = "редакции документов"
        ordering = ["-in_force_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="edition_number_once",
                violation_error_message="Редакция с таким номером уже есть.",
            ),
            models.UniqueConstraint(
                fields=["document", "in_force_from"],
                name="edition_day_once",
                violation_error_message="На этот день уже назначена другая редакция.",
            ),
            models.CheckConstraint(
                condition=~Q(text="") | Q(file__isnull=False),
                name="edition_has_text_or_file",
                violation_error_message="Наберите текст редакции или приложите файл.",
            ),
            models.CheckConstraint(
                condition=Q(protocol_date__isnull=True) | Q(in_force_from__gte=F("protocol_date")),
                name="edition_after_protocol",
                violation_error_message="Редакция не может действовать раньше протокола, которым принята.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, редакция №{self.number} от {self.in_force_from:%d.%m.%Y}"

    @property
    def html(self):
        return text.html_of(self.text)

    @property
    def adoption(self) -> str:
        """«Педагогический совет, протокол № 5 от 28.08.2026»; "" where nothing is known."""
        protocol = f"протокол № {self.protocol_number}" if self.protocol_number else ""
        if self.protocol_date:
            protocol = f"{protocol or 'протокол'} от {russian.short_date(self.protocol_date)}"
        return ", ".join(filter(None, [self.adopted_by, protocol]))

    @property
    def approval(self) -> str:
        """The order that approved it, or the words."""
        return ". ".join(filter(None, [self.order.reference if self.order else "", self.basis]))


class Acquaintance(models.Model):
    """Who has read which edition, and when (3.2, 5.11)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто", related_name="acquaintances"
    )
    edition = models.ForeignKey(Edition, models.PROTECT, verbose_name="редакция", related_name="acquaintances")
    at = models.DateTimeField("когда", auto_now_add=True)
    address = models.GenericIPAddressField("откуда", null=True)

    class Meta:
        verbose_name = "ознакомление"
        verbose_name_plural = "ознакомления"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "edition"],
                name="acquaintance_once",
                violation_error_message="С этой редакцией человек уже ознакомлен.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.edition}"
