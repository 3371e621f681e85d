"""Cards of the registry, files inside them, and people who work here, as they are searched."""

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts import staff
from accounts.models import Appointment, StoredFile
from resources import access
from resources.asker import Asker
from resources.models import MANAGEMENT, Element, ElementFile
from resources.search.sources import Found, Source
from resources.sections import is_open

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
    if not is_open(asker, "registry"):
        return Element.objects.none()
    known = Q(is_listed=True, parent__isnull=True) | Q(pk__in=access.entitled_keys(asker))
    return Element.objects.filter(known).besides_courses().exclude(kind=Element.Kind.BUILT_IN, address="")


CARDS = Source(
    kind="elements", title="Платформы и разделы", icon="grid",
    rows=lambda: Element.objects.select_related("parent"), describe=_card, open_to=_cards_for,
    alike=lambda asker: (is_open(asker, "registry"), access.entitled_keys(asker)),
    follows={"resources.element": "pk"},
    watched={"resources.element": frozenset({"name", "slug", "parent", "kind", "purpose", "address", "contact"})},
)  # fmt: skip

# Files inside cards


def _file(row: ElementFile) -> Found:
    return Found(
        title=row.title,
        text="",
        file=row.file,
        address=reverse("resources:element_detail", args=[row.element.slug]),
        note=f"Файл карточки «{row.element}»",
        date=row.added_at.date(),
    )


def _files_for(asker: Asker) -> QuerySet[ElementFile]:
    """As the insides of the cards open. Of levels 4-5 every reading leaves a trace, so a search shows none of it."""
    rows = ElementFile.objects.filter(element__closure__lt=MANAGEMENT, file__state=StoredFile.State.READY)
    return rows.filter(element__in=access.open_keys(asker))


FILES = Source(
    kind="files", title="Файлы", icon="docs", rows=lambda: ElementFile.objects.select_related("element", "file"),
    describe=_file, open_to=_files_for, follows={"resources.elementfile": "pk", "resources.element": "element"},
    watched={"resources.element": frozenset({"name", "slug"})},
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
    if asker.person is None or not is_open(asker, "staff-pages"):
        return Appointment.objects.none()
    people = staff.pages_for(asker.person, asker.date).order_by()
    return Appointment.objects.on(asker.date).filter(person__in=people)


STAFF = Source(
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
)  # fmt: skip
