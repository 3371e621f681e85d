"""Courses go on serving a programme that was renewed for another year (1.6, 3.7)."""

from accounts import audit
from accounts.actor import Actor
from resources.courses.matching import match
from resources.models import Course, Programme


def carry_courses(programme: Programme, *, by: Actor) -> int:
    """Courses of last year's programme name this one too, and its topics of the same names. Returns how many.

    Inside the action that approves it: courses serve approved programmes. Audited.
    """
    former = programme.renewed_from
    if former is None:
        return 0
    same = match(former.topics.all(), programme.topics.all())
    courses = list(Course.objects.filter(programmes=former).exclude(programmes=programme))
    of_programme, of_topic = Course.programmes.through, Course.topics.through
    links = of_topic.objects.filter(course__in=courses, topic__in=same).values_list("course", "topic")
    carried: dict[int, set[int]] = {course.pk: set() for course in courses}
    for course, topic in links:
        carried[course].add(same[topic].pk)
    of_programme.objects.bulk_create(of_programme(course=course, programme=programme) for course in courses)
    of_topic.objects.bulk_create(
        (of_topic(course_id=course, topic_id=topic) for course, topics in carried.items() for topic in topics),
        ignore_conflicts=True,
    )
    audit.record_many(
        audit.entry(by, "course.linked", course, {"topics": [None, len(carried[course.pk])]}, f"{programme}")
        for course in courses
    )
    return len(courses)
