"""Tabs of a course at its authors' desk, in order; each is a page that asks its own right."""

from django.urls import reverse

from resources.models import Course

# Name of the address, which takes the course's key → title
TABS: dict[str, str] = {
    "desk_course": "Страницы",
    "desk_course_media": "Файлы",
    "desk_course_card": "Карточка",
    "desk_course_topics": "Программы и темы",
    "desk_course_authors": "Соавторы",
    "desk_course_pages": "Как прочтут",
    "desk_course_life": "Проверка и публикация",
    "desk_course_use": "Чтение",
    "desk_course_exchange": "Обмен",
}


def tabs(course: Course, current: str) -> list[tuple[str, str, bool]]:
    """Address, title, and whether one stands there."""
    return [(reverse(f"resources:{name}", args=[course.pk]), title, name == current) for name, title in TABS.items()]
