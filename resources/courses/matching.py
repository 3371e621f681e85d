"""Topics of two thematic plans that are the same topic, told by name. Values in, values out."""

from collections import Counter
from collections.abc import Iterable

from eios.lib.search import fold
from resources.models import Topic


def match(former: Iterable[Topic], later: Iterable[Topic]) -> dict[int, Topic]:
    """Key of a former topic → the later one of its section and name, else of its name alone, wherever it stands now.

    Of topics with the same name («Контрольная работа») the first goes to the first, the second to the second.
    """
    found: dict[int, Topic] = {}
    later = list(later)
    for key_of in (_section_and_name, _name):
        taken = {topic.pk for topic in found.values()}
        targets = _numbered((topic for topic in later if topic.pk not in taken), key_of)
        for key, topic in _numbered((topic for topic in former if topic.pk not in found), key_of).items():
            if key in targets:
                found[topic.pk] = targets[key]
    return found


def _numbered(topics: Iterable[Topic], key_of) -> dict[tuple, Topic]:
    seen: Counter = Counter()
    numbered = {}
    for topic in topics:
        key = key_of(topic)
        seen[key] += 1
        numbered[key, seen[key]] = topic
    return numbered


def _section_and_name(topic: Topic) -> tuple[str, str]:
    return _words(topic.section), _words(topic.name)


def _name(topic: Topic) -> str:
    return _words(topic.name)


def _words(text: str) -> str:
    return " ".join(fold(text).split()).rstrip(".")
