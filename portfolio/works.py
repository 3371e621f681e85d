"""Works as pages show them: lists, a work with its chosen version, files that lie elsewhere too. Reads only."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import Appointment, Enrolment, SchoolClass, User
from eios.lib import search
from eios.lib.russian import plural
from journal.models import Lesson, SubgroupMember, TeachingLoad
from portfolio import rights
from portfolio.hashing import fingerprint
from portfolio.models import Evidence, Review, Work, WorkAuthor, WorkFile, WorkVersion

# Lessons of so many days back are offered as the one that a work came from.
LESSONS_BACK = 90
CARD = ("title", "kind", "sphere", "subject", "lesson", "task", "mentor", "mentor_words", "other_authors")


def listed(works: QuerySet[Work]) -> QuerySet[Work]:
    """For a list: authors, how many versions are sealed, whether anything was said; three queries for any number."""
    authors = WorkAuthor.objects.filter(agreed_at__isnull=False).select_related("person").order_by("pk")
    sealed = WorkVersion.objects.filter(sealed_at__isnull=False).only("work", "number", "sealed_at")
    reviewed = Review.objects.published().filter(version__work=OuterRef("pk"))
    return (
        works.select_related("subject", "owner")
        .annotate(is_reviewed=Exists(reviewed))
        .prefetch_related(
            Prefetch("authors", authors, to_attr="agreed"), Prefetch("versions", sealed, to_attr="sealed")
        )  # fmt: skip
    )


def own(person: User) -> QuerySet[Work]:
    return Work.objects.filter(Exists(_authors(person).filter(agreed_at__isnull=False)))


def asked(person: User) -> QuerySet[Work]:
    """At which the person was named and has not answered."""
    return Work.objects.filter(Exists(_authors(person).filter(agreed_at__isnull=True)))


def asked_of(key: int, date: datetime.date) -> QuerySet[WorkAuthor]:
    """The same for the counter in the cabinet."""
    return WorkAuthor.objects.filter(person=key, agreed_at__isnull=True)


def _authors(person) -> QuerySet[WorkAuthor]:
    return WorkAuthor.objects.filter(work=OuterRef("pk"), person=person)


def of_pupil(pupil: User, reader: User, date: datetime.date) -> QuerySet[Work]:
    """The pupil's works that the reader sees."""
    return rights.works_seen(reader, date).filter(Exists(_authors(pupil).filter(agreed_at__isnull=False)))


def of_pupils(reader: User, date: datetime.date) -> QuerySet[Work]:
    """Submitted works that concern an employee."""
    return rights.works_seen(reader, date).filter(submitted_at__isnull=False)


def chosen(works: QuerySet[Work], filters: dict, date: datetime.date) -> QuerySet[Work]:
    """By the filters of a list."""
    if filters.get("kind"):
        works = works.filter(kind=filters["kind"])
    if filters.get("subject"):
        works = works.filter(subject=filters["subject"])
    authors = WorkAuthor.objects.filter(work=OuterRef("pk"), agreed_at__isnull=False)
    if filters.get("school_class"):
        pupils = Enrolment.objects.on(date).filter(school_class=filters["school_class"]).values("pupil")
        works = works.filter(Exists(authors.filter(person__in=pupils)))
    if filters.get("unreviewed"):
        works = works.filter(~Exists(Review.objects.published().filter(version__work=OuterRef("pk"))))
    if words := filters.get("q"):
        named = Exists(authors.filter(search.matching(words, "person__search")))
        works = works.filter(named | _titled(words))
    return works


def _titled(words: str) -> Q:
    """Every word stands in the title, in small letters, capitals or as a name: SQLite knows no case of Cyrillic."""
    found = Q()
    for word in words.split():
        found &= Q(title__contains=word.lower()) | Q(title__icontains=word.upper()) | Q(title__contains=word.title())
    return found


# What is offered in forms


def teachers_of(pupil: User, date: datetime.date) -> QuerySet[User]:
    """Who may be named as the mentor: the teachers of the class and the class teacher."""
    room = pupil.school_class_now
    loads = TeachingLoad.objects.on(date).filter(gradebook__school_class=room).values("teacher")
    leaders = Appointment.objects.on(date).filter(school_class=room).values("person")
    return User.objects.filter(Q(pk__in=loads) | Q(pk__in=leaders)).order_by("sort_name", "pk")


def may_remove(author: WorkAuthor, *, is_sealed: bool) -> bool:
    """May the owner take this co-author away? Not one who stands under what is sealed."""
    return author.person_id != author.work.owner_id and not (author.agreed_at and is_sealed)


def reviewers_of(work: Work, date: datetime.date) -> QuerySet[User]:
    """Employees whom an opened work waits for (portfolio.rights.works_seen): the mentor, the authors' class teachers
    and who teaches them its subject."""
    authors = work.authors.filter(agreed_at__isnull=False).values("person")
    rooms = Enrolment.objects.on(date).filter(pupil__in=authors).values("school_class")
    leaders = Appointment.objects.on(date).filter(position__code="class_teacher", school_class__in=rooms)
    found = Q(pk=work.mentor_id) | Q(pk__in=leaders.values("person"))
    if work.subject_id:
        loads = TeachingLoad.objects.on(date).filter(
            gradebook__school_class__in=rooms, gradebook__subject=work.subject_id
        )
        found |= Q(pk__in=loads.values("teacher"))
    return User.objects.filter(found)


def lessons_of(pupil: User, date: datetime.date) -> QuerySet[Lesson]:
    """Lessons of the pupil's class in the last three months, the newest first; of subgroups the own ones."""
    own_groups = SubgroupMember.objects.filter(pupil=pupil, subgroup=OuterRef("gradebook__subgroup"))
    lessons = Lesson.objects.filter(
        Q(gradebook__subgroup__isnull=True) | Q(Exists(own_groups)), gradebook__school_class=pupil.school_class_now,
        date__lte=date, date__gte=date - datetime.timedelta(days=LESSONS_BACK),
    )  # fmt: skip
    return lessons.select_related("gradebook__subject").order_by("-date", "number", "pk")


def mates_of(pupil: User, school_class: SchoolClass | None, words: str, date: datetime.date) -> list[User]:
    """Pupils who may be named as co-authors: of one class of the school, the own one unless another is chosen."""
    room = school_class or pupil.school_class_now
    found = User.objects.in_classes([room] if room else [], date).exclude(pk=pupil.pk)
    return list(found.named(words).order_by("sort_name", "pk")[:60])


# A version


@dataclass(frozen=True)
class VersionPage:
    """What stands in one version, for its page."""

    version: WorkVersion
    files: list[WorkFile]
    links: list

    @property
    def pictures(self) -> list[WorkFile]:
        return [one for one in self.files if one.file.media_type.startswith("image/") and one.file.is_ready]


def fingerprint_of(version: WorkVersion) -> str:
    """Of its contents as they are stored now; two queries."""
    files = version.files.order_by("pk").values_list("file__name", "file__sha256")
    links = version.links.order_by("pk").values_list("url", "title")
    return fingerprint(version.text, version.reflection, files, links)


def contents_words(version: WorkVersion) -> str:
    """«Сейчас в ней: текст, 3 файла, 1 ссылка.», for who is asked whether to seal; two queries."""
    files, links = version.files.count(), version.links.count()
    parts = [
        "текст" if version.text.strip() else "",
        f"{files} {plural(files, 'файл', 'файла', 'файлов')}" if files else "",
        f"{links} {plural(links, 'ссылка', 'ссылки', 'ссылок')}" if links else "",
    ]
    held = ", ".join(part for part in parts if part)
    return f"Сейчас в ней: {held}." if held else "Сейчас она пуста: закрепить её не получится."


def version_page(version: WorkVersion) -> VersionPage:
    """Two queries."""
    return VersionPage(version, list(version.files.select_related("file")), list(version.links.all()))


@dataclass(frozen=True)
class Elsewhere:
    """The same bytes in another work, or as evidence."""

    name: str
    where: str
    who: str


def elsewhere(page: VersionPage) -> list[Elsewhere]:
    """For staff: where else files of the version lie, byte for byte; works not opened for reviews stay their authors'
    own. Plagiarism is not judged; two queries."""
    names = {one.file.sha256: one.file.name for one in page.files}
    if not names:
        return []
    rows = WorkFile.objects.filter(
        file__sha256__in=names, version__sealed_at__isnull=False, version__work__submitted_at__isnull=False
    )
    rows = rows.exclude(version__work=page.version.work_id).select_related("file", "version__work__owner")
    found = {
        Elsewhere(names[row.file.sha256], f"работа «{row.version.work.title}»", str(row.version.work.owner)): None
        for row in rows.order_by("version__work", "pk")
    }
    evidence = Evidence.objects.filter(file__sha256__in=names, achievement__state__in=rights.FOR_STAFF)
    for row in evidence.select_related("file", "achievement__pupil").order_by("pk"):
        achievement = row.achievement
        one = Elsewhere(names[row.file.sha256], f"достижение «{achievement.title}»", str(achievement.pupil))
        found[one] = None
    return list(found)
