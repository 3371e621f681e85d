"""Files that this app keeps, and who may read them: of the registry, inside cards, of documents."""

from dataclasses import replace

from accounts.actor import Actor
from accounts.hints import FILE_AUTHORISERS, FILE_KINDS, FILE_OPENINGS
from accounts.models import StoredFile, User
from eios.lib.dates import today
from eios.lib.filetypes import FileKind, kinds
from resources import access, materials, news, programmes, sections
from resources.actions.elements import record_opening
from resources.asker import asker_for
from resources.courses import rights as courses
from resources.models import MANAGEMENT, Document, Edition, ElementFile, News, SvedenValue


def system_administrator(person: User | None, file: StoredFile) -> bool:
    """Files of the registry are for those who load them."""
    return person is not None and person.is_system_administrator


# Registry files
FILE_KINDS.register("registry", replace(kinds.TABLE, title="файл реестра", max_bytes=5 * kinds.MIB))
FILE_AUTHORISERS.register("registry", system_administrator)

# Files inside cards


ELEMENT_FILE = "element_file"


def readers_of_element(person: User | None, file: StoredFile) -> bool:
    """A file of a card opens as the card's inside does, conditions included (5.2)."""
    row = ElementFile.objects.filter(file=file).select_related("element").first()
    return row is not None and access.decide(asker_for(person), row.element).allowed


def record_reading(file: StoredFile, *, page: str, by: Actor) -> None:
    """A file of a level 4-5 card is such material too: every opening leaves a trace (access.md)."""
    row = ElementFile.objects.filter(file=file).select_related("element").first()
    if row is not None and row.element.closure >= MANAGEMENT:
        record_opening(row.element, page=page, by=by)


PICTURES_TOO = replace(
    kinds.DOCUMENT, title="файл элемента", types=kinds.DOCUMENT.types | kinds.PICTURES, inline=kinds.PICTURES
)
FILE_KINDS.register(ELEMENT_FILE, PICTURES_TOO)
FILE_AUTHORISERS.register(ELEMENT_FILE, readers_of_element)
FILE_OPENINGS.register(ELEMENT_FILE, record_reading)

# Pictures of news
NEWS_PICTURE = "news_picture"


def readers_of_news(person: User | None, file: StoredFile) -> bool:
    """The picture opens as its item does: to everybody once it has appeared, before that to those who write."""
    row = News.objects.filter(picture=file).first()
    return row is not None and news.may_read(asker_for(person), row)


FILE_KINDS.register(NEWS_PICTURE, replace(kinds.PICTURE, title="картинка новости", without_metadata=True))
FILE_AUTHORISERS.register(NEWS_PICTURE, readers_of_news)

# Files of methodical materials

MATERIAL_FILE = "material"
FILE_KINDS.register(MATERIAL_FILE, replace(PICTURES_TOO, title="файл методического материала", without_metadata=True))
FILE_AUTHORISERS.register(MATERIAL_FILE, materials.may_read_file)
# Documents and editions

DOCUMENT_FILE = "document_file"


def readers_of_document(person: User | None, file: StoredFile) -> bool:
    """What has begun opens as the section does; what is still to come, those who fill the section (1.2, 13)."""
    asker, date = asker_for(person), today()
    begun = Edition.objects.in_force(date).filter(file=file).exists()
    opens = begun or Document.objects.published(date).filter(file=file).exists()
    return (opens and sections.is_open(asker, "documents")) or sections.may_contribute(asker, "documents")


SCANS_TOO = replace(kinds.DOCUMENT, title="файл документа", types=kinds.DOCUMENT.types | {"image/png", "image/jpeg"})
FILE_KINDS.register(DOCUMENT_FILE, SCANS_TOO)
FILE_AUTHORISERS.register(DOCUMENT_FILE, readers_of_document)

# Work programmes


def readers_of_programme(person: User | None, file: StoredFile) -> bool:
    """The file opens to those who may read a programme that carries it (6.1)."""
    asker = asker_for(person)
    return sections.is_open(asker, "programmes") and programmes.visible_to(asker).filter(file=file).exists()


PROGRAMME_FILE = "programme"
FILE_KINDS.register(PROGRAMME_FILE, replace(kinds.DOCUMENT, title="файл рабочей программы"))
FILE_AUTHORISERS.register(PROGRAMME_FILE, readers_of_programme)

# «Сведения»


def readers_of_sveden(person: User | None, file: StoredFile) -> bool:
    """A file of «Сведения» opens as the section does, while a value shows it (8.1)."""
    return sections.is_open(asker_for(person), "sveden") and SvedenValue.objects.filter(file=file).exists()


SVEDEN_FILE = "sveden"
FILE_KINDS.register(SVEDEN_FILE, replace(kinds.DOCUMENT, title="файл сведений"))
FILE_AUTHORISERS.register(SVEDEN_FILE, readers_of_sveden)

# Courses

COURSE_MEDIA, COURSE_COVER = "course_media", "course_cover"
COURSE_POSTER, COURSE_SUBTITLES = "course_poster", "course_subtitles"
OF_COURSES = replace(
    kinds.WORK, title="файл курса", max_bytes=500 * kinds.MIB, is_kept_if_public=True, without_metadata=True
)
PICTURE_OF_COURSES = replace(kinds.PICTURE, is_kept_if_public=True, without_metadata=True)
FILE_KINDS.register(COURSE_MEDIA, OF_COURSES)
FILE_KINDS.register(COURSE_COVER, replace(PICTURE_OF_COURSES, title="обложка курса"))
FILE_KINDS.register(COURSE_POSTER, replace(PICTURE_OF_COURSES, title="заставка видео"))
FILE_KINDS.register(
    COURSE_SUBTITLES,
    FileKind(
        "субтитры", frozenset({kinds.SUBTITLES}), kinds.MIB, inline=frozenset({kinds.SUBTITLES}), is_kept_if_public=True
    ),
)
FILE_AUTHORISERS.register(COURSE_COVER, courses.may_see_cover)
for kind in (COURSE_MEDIA, COURSE_POSTER, COURSE_SUBTITLES):
    FILE_AUTHORISERS.register(kind, courses.may_read_file)
