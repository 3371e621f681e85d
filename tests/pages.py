"""Every page of the URLconf, for tests that walk all of them."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import ResolverMatch

# What a parameter may be where a test does not say: nothing stands under these keys.
NOBODY = {
    "pk": 999_999,
    "line": 999_999,
    "class_pk": 999_999,
    "school_class": 999_999,
    "pupil_pk": 999_999,
    "slug": "no-such-element",
    "key": uuid.UUID(int=1),
    "uidb36": "1",
    "label": "accounts.user",
    "object_id": "999999",
    "app_label": "accounts",
    "content_type_id": 999_999,
    "url": "no-such-page",
    "name": "nothing",
    "kind": "processing",
    "pupil": 999_999,
    "relation": 999_999,
    "row": 999_999,
    "consent": 999_999,
    "number": 999_999,
    "way": "up",
    "path": "common",
    "block": "founders",
    "answer": 999_999,
    "part": 999_999,
    "remark": 999_999,
    "media": 999_999,
    "programme": 999_999,
    "topic": 999_999,
    "version": 999_999,
    "item": 999_999,
    "file": 999_999,
    "book": 999_999,
    "result": 999_999,
    "day": "2026-11-26",
    "code": "nosuchcode",
    "author": 999_999,
}


@dataclass(frozen=True)
class Page:
    """One pattern of the URLconf; `name` is «accounts:agreement», "" where the pattern has none."""

    name: str
    namespaces: tuple[str, ...]
    view: Callable
    parameters: tuple[str, ...]
    match: ResolverMatch = field(compare=False)

    @property
    def is_admin(self) -> bool:
        return self.namespaces[:1] == ("admin",)

    def address(self, **values) -> str:
        chosen = {**NOBODY, **values}
        return reverse(self.name, kwargs={name: chosen[name] for name in self.parameters})


def every_page() -> list[Page]:
    return list(_walk(get_resolver().url_patterns, (), ()))


def _walk(patterns, namespaces: tuple[str, ...], parameters: tuple[str, ...]) -> Iterator[Page]:
    for entry in patterns:
        found = (*parameters, *_parameters(entry))
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry.url_patterns, inner, found)
        elif isinstance(entry, URLPattern):
            name = ":".join([*namespaces, entry.name]) if entry.name else ""
            match = ResolverMatch(entry.callback, (), {}, url_name=entry.name, namespaces=list(namespaces))
            yield Page(name, namespaces, entry.callback, found, match)


def _parameters(entry) -> tuple[str, ...]:
    if hasattr(entry.pattern, "converters") and entry.pattern.converters:
        return tuple(entry.pattern.converters)
    return tuple(entry.pattern.regex.groupindex)
