"""What of the lower floors is searched: cards, documents, files inside cards, people who work here."""

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from accounts import staff
from accounts.hints import AUDIT_FOLLOWERS
from accounts.models import Appointment, StoredFile
from eios.lib import file_text, russian, text
from resources import access, sections
from resources.actions.search import follow
from resources.asker import Asker
from resources.models import MANAGEMENT, Edition, Element, ElementFile
from resources.search.sources import SEARCH_SOURCES, Found, Source

NO_TEXT = "В файле нет текста, найдено только название"


def _opens(asker: Asker, slug: str) -> bool:
    """Does the section with the pages that hits lead to open to the asker?"""
    section = next((one for one in sections.roots(asker.school) if one.slug == slug), None)
    return section is not None and access.decide(asker, section).allowed


def _asked(elements: QuerySet[Element]) -> QuerySet[Element]:
    """The same elements by their keys: some hundreds; inside more, the rule is too deep for SQLite's parser."""
    return Element.objects.filter(pk__in=list(elements.order_by().values_list("pk", flat=True)))


# Cards of the registry, by their outside: what stands inside is not told by a search.


def _card(element: Element) -> Found:
    parts = [element.purpose, element.host, element.contact]
    where = f"Часть элемента «{element.parent}»" if element.parent else element.get_kind_display().capitalize()
    return Found(
        title=element.name,
        text=". ".join(part.rstrip(".") for part in parts if part),
        address=reverse("resources:element_detail", args=[element.slug]),
        note=where,
    )


def _cards_for(asker: Asker) -> QuerySet[Element]:
    """As the list of the registry: sections that are not built yet have no address and are not shown."""
    if not _opens(asker, "registry"):
        return Element.objects.none()
    return _asked(access.elements_known_to(asker).exclude(kind=Element.Kind.BUILT_IN, address=""))


SEARCH_SOURCES.register(
    "elements",
    Source(
        kind="elements", title="Платформы и разделы", icon="grid",
        rows=lambda: Element.objects.select_related("parent"), describe=_card, open_to=_cards_for,
        follows={"resources.element": "pk"},
        watched={"resources.element": frozenset({"name", "slug", "parent", "kind", "purpose", "address", "contact"})},
    ),
)  # fmt: skip

# Documents: every edition has an entry, and the day decides which of them is found.


def _edition(edition: Edition) -> Found:
    document = edition.document
    known_as = document.short_name if document.short_name not in ("", document.title) else ""
    basis = f". {edition.basis}" if edition.basis else ""
    return Found(
        title=f"{document.title} ({known_as})" if known_as else document.title,
        text=text.plain_of(edition.text),
        address=reverse("resources:document_detail", args=[document.pk]),
        note=f"Редакция № {edition.number}, действует с {russian.short_date(edition.in_force_from)}{basis}",
        date=edition.in_force_from,
    )


def _editions_for(asker: Asker) -> QuerySet[Edition]:
    """The one in force of every document (13): neither former ones nor those to come."""
    if not _opens(asker, "documents"):
        return Edition.objects.none()
    later = Edition.objects.filter(
        document=OuterRef("document"), in_force_from__lte=asker.date, in_force_from__gt=OuterRef("in_force_from")
    )
    return Edition.objects.filter(~Exists(later), in_force_from__lte=asker.date)


SEARCH_SOURCES.register(
    "documents",
    Source(
        kind="documents", title="Документы", icon="doc", rows=lambda: Edition.objects.select_related("document"),
        describe=_edition, open_to=_editions_for,
        follows={"resources.edition": "pk", "resources.document": "document"},
        watched={
            "resources.edition": frozenset({"text", "number", "in_force_from", "basis", "document"}),
            "resources.document": frozenset({"title", "short_name"}),
        },
    ),
)  # fmt: skip

# Files inside cards


def _file(row: ElementFile) -> Found:
    inside = _text_of(row.file)
    lack = f". {NO_TEXT}" if not inside else ""
    return Found(
        title=row.title,
        text=inside,
        address=reverse("resources:element_detail", args=[row.element.slug]),
        note=f"Файл карточки «{row.element}»{lack}",
        date=row.added_at.date(),
    )


def _text_of(file: StoredFile) -> str:
    """Words of a stored file; "" of a scan, a picture, or where the bytes are gone."""
    try:
        data = (settings.MEDIA_ROOT / file.path).read_bytes()
    except OSError:
        return ""
    return file_text.read(data, file.media_type)


def _files_for(asker: Asker) -> QuerySet[ElementFile]:
    """As the insides of the cards open. Of levels 4-5 every reading leaves a trace, so a search shows none of it."""
    opened = _asked(access.elements_open_to(asker).filter(closure__lt=MANAGEMENT))
    return ElementFile.objects.filter(element__in=opened, file__state=StoredFile.State.READY)


SEARCH_SOURCES.register(
    "files",
    Source(
        kind="files", title="Файлы", icon="docs", rows=lambda: ElementFile.objects.select_related("element", "file"),
        describe=_file, open_to=_files_for, follows={"resources.elementfile": "pk", "resources.element": "element"},
        watched={"resources.element": frozenset({"name", "slug"})},
    ),
)  # fmt: skip

# People who work here, by their appointments: each has its own days.


def _appointment(row: Appointment) -> Found:
    places = [row.title, row.school_class and str(row.school_class), row.method_group and str(row.method_group)]
    return Found(
        title=row.person.get_full_name(),
        text=", ".join(filter(None, places)),
        address=reverse("accounts:staff_detail", args=[row.person_id]),
    )


def _appointments_for(asker: Asker) -> QuerySet[Appointment]:
    """To whom the staff pages are open; people whose page they may open, in what they are today."""
    if asker.person is None or not _opens(asker, "staff-pages"):
        return Appointment.objects.none()
    people = staff.pages_for(asker.person, asker.date).order_by()
    return Appointment.objects.on(asker.date).filter(person__in=people)


SEARCH_SOURCES.register(
    "staff",
    Source(
        kind="staff", title="Работники", icon="people",
        rows=lambda: Appointment.objects.select_related("person", "position", "school_class", "method_group"),
        describe=_appointment, open_to=_appointments_for,
        follows={
            "accounts.appointment": "pk", "accounts.user": "person", "accounts.position": "position",
            "accounts.methodgroup": "method_group", "accounts.schoolclass": "school_class",
        },
        watched={
            "accounts.user": frozenset({"surname", "name", "patronymic"}),
            "accounts.position": frozenset({"name"}),
            "accounts.methodgroup": frozenset({"name"}),
            "accounts.schoolclass": frozenset({"grade", "letter"}),
        },
    ),
)  # fmt: skip

AUDIT_FOLLOWERS.register("search", follow)
