"""What of this floor and the one below is searched, in the order of the page's filters."""

from accounts.hints import AUDIT_FOLLOWERS
from resources.actions.search import follow
from resources.search.of_courses import COMPLEXES, COURSES, PAGES
from resources.search.of_documents import ACTS, EDITIONS
from resources.search.of_registry import CARDS, FILES, STAFF
from resources.search.of_shelves import BOOKS, CURRICULA, MATERIALS, NEWS, PROGRAMMES, RESOURCES
from resources.search.sources import SEARCH_SOURCES

SOURCES = {
    "elements": CARDS,
    "documents": EDITIONS,
    "acts": ACTS,
    "programmes": PROGRAMMES,
    "curricula": CURRICULA,
    "courses": COURSES,
    "course_pages": PAGES,
    "complexes": COMPLEXES,
    "resources": RESOURCES,
    "books": BOOKS,
    "materials": MATERIALS,
    "news": NEWS,
    "files": FILES,
    "staff": STAFF,
}
for name, source in SOURCES.items():
    SEARCH_SOURCES.register(name, source)
AUDIT_FOLLOWERS.register("search", follow)
