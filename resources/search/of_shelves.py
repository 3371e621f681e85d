"""What is taught by and read, as it is searched: work programmes, the library, materials, news."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from eios.lib import text
from resources import materials, programmes
from resources.asker import Asker
from resources.models import Curriculum, Holding, LibraryEdition, MethodicalMaterial, News, OutsideResource, Programme
from resources.search.sources import Found, Source, everybody_in
from resources.sections import is_open


def _joined(*parts: str) -> str:
    return ". ".join(part.rstrip(". ") for part in parts if part)


# Work programmes: approved ones are everybody's, others theirs who move them


def _programme(row: Programme) -> Found:
    texts = [text.plain_of(one) for one in (row.explanation, row.content, row.results)]
    topics = [topic.name for topic in row.topics.all()]
    return Found(
        title=f"{row.get_kind_display().capitalize()}: {row.name}, {row.grades}",
        text=_joined("Рабочая программа", *texts, *topics),
        file=row.file,
        address=reverse("resources:programme_detail", args=[row.pk]),
        note=f"Рабочая программа, {row.year} учебный год, {row.author.get_full_name()}",
        date=row.year.starts,
    )


def _programmes_for(asker: Asker) -> QuerySet[Programme]:
    return programmes.visible_to(asker) if is_open(asker, "programmes") else Programme.objects.none()


def _readers_of_programmes(asker: Asker) -> str | None:
    if programmes.is_author(asker):
        return None
    return "readers" if is_open(asker, "programmes") else "outside"


PROGRAMMES = Source(
    kind="programmes", title="Рабочие программы", icon="book",
    rows=lambda: Programme.objects.select_related("subject", "year", "author", "file").prefetch_related("topics"),
    describe=_programme, open_to=_programmes_for, alike=_readers_of_programmes,
    follows={"resources.programme": "pk", "resources.subject": "subject", "accounts.user": "author"},
    watched={
        "resources.programme": frozenset({
            "kind", "subject", "title", "grade_from", "grade_to", "year", "author", "explanation", "content", "results",
            "file", "topics",
        }),
        "resources.subject": frozenset({"name"}), "accounts.user": frozenset({"surname", "name", "patronymic"}),
    },
)  # fmt: skip

# Curricula, once approved


def _curriculum(plan: Curriculum) -> Found:
    subjects = [row.subject.name if row.subject else row.title for row in plan.rows.all()]
    return Found(
        title=plan.name,
        text=_joined("Учебный план", *dict.fromkeys(filter(None, subjects))),
        address=reverse("resources:curriculum_detail", args=[plan.pk]),
        note=f"{plan.year} учебный год",
        date=plan.year.starts,
    )


def _curricula_for(asker: Asker) -> QuerySet[Curriculum]:
    return Curriculum.objects.approved() if is_open(asker, "curricula") else Curriculum.objects.none()


CURRICULA = Source(
    kind="curricula", title="Учебные планы", icon="calendar",
    rows=lambda: Curriculum.objects.select_related("year").prefetch_related("rows__subject"), describe=_curriculum,
    open_to=_curricula_for, alike=everybody_in("curricula"), follows={"resources.curriculum": "pk"},
)  # fmt: skip

# The library: outside resources, editions, published materials. Never the platform's name: not everybody may know it.
LIBRARY = {"kind": "library", "title": "Библиотека", "icon": "library", "alike": everybody_in("library")}


def _holding(row: Holding) -> Found:
    subjects = ", ".join(subject.name for subject in row.subjects.all())
    return Found(
        title=row.caption,
        text=_joined(row.annotation, row.publisher, subjects, row.host),
        address=row.get_absolute_url(),
        note=capfirst(row.get_kind_display()),
        date=row.added_at.date(),
    )


def _holdings(model: type[Holding]) -> Source:
    def open_to(asker: Asker) -> QuerySet:
        return model.objects.active() if is_open(asker, "library") else model.objects.none()

    return Source(
        **LIBRARY, rows=lambda: model.objects.prefetch_related("subjects"), describe=_holding, open_to=open_to,
        follows={model._meta.label_lower: "pk", "resources.subject": "subjects"},
        watched={"resources.subject": frozenset({"name"})},
    )  # fmt: skip


RESOURCES, BOOKS = _holdings(OutsideResource), _holdings(LibraryEdition)


def _material(row: MethodicalMaterial) -> Found:
    return Found(
        title=row.title,
        text=_joined(row.annotation, text.plain_of(row.text)),
        file=row.file,
        address=row.get_absolute_url(),
        note=f"Методический материал, {row.author.get_full_name()}",
        date=row.published_at.date() if row.published_at else None,
    )


def _materials_for(asker: Asker) -> QuerySet[MethodicalMaterial]:
    """Published ones: the page of a draft is at its author's desk, which searches by itself."""
    if not is_open(asker, "library"):
        return MethodicalMaterial.objects.none()
    return materials.published()


MATERIALS = Source(
    **LIBRARY, rows=lambda: MethodicalMaterial.objects.select_related("author", "file"), describe=_material,
    open_to=_materials_for, follows={"resources.methodicalmaterial": "pk", "accounts.user": "author"},
    watched={"accounts.user": frozenset({"surname", "name", "patronymic"})},
)  # fmt: skip

# News, from their hour on


def _news(item: News) -> Found:
    return Found(
        title=item.title,
        text=_joined(item.lead, text.plain_of(item.text)),
        address=reverse("resources:news_detail", args=[item.pk]),
        date=timezone.localdate(item.published_from) if item.published_from else None,
    )


def _news_for(asker: Asker) -> QuerySet[News]:
    return News.objects.public(timezone.now()) if is_open(asker, "news") else News.objects.none()


NEWS = Source(
    kind="news", title="Новости", icon="news", rows=News.objects.all, describe=_news, open_to=_news_for,
    alike=everybody_in("news"), follows={"resources.news": "pk"},
)  # fmt: skip
