"""What of a portfolio goes into an export: spheres, origins, and the cover, works, results (1.6, 11.3, 12.1). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from portfolio.content import Content, groups_of
from portfolio.models import Origin, Sphere

COVER, WORKS, RESULTS = "cover", "works", "results"
PARTS = ((COVER, "обложка и рассказ о себе"), (WORKS, "работы с рецензиями"), (RESULTS, "учебные результаты"))
KINDS = {"spheres": Sphere.choices, "origins": Origin.choices, "parts": PARTS}


@dataclass(frozen=True)
class Sections:
    """Codes of what was chosen, each kind in its order."""

    spheres: tuple[str, ...]
    origins: tuple[str, ...]
    parts: tuple[str, ...]

    @classmethod
    def chosen(cls, spheres: Iterable[str], origins: Iterable[str], parts: Iterable[str]) -> Self:
        given = {"spheres": set(spheres), "origins": set(origins), "parts": set(parts)}
        return cls(**{kind: tuple(code for code, _ in known if code in given[kind]) for kind, known in KINDS.items()})

    @classmethod
    def of_row(cls, kept: dict) -> Self:
        """As an export keeps them; nothing kept is all of it."""
        return cls.chosen(**kept) if kept else WHOLE

    @property
    def kept(self) -> dict[str, list[str]]:
        return {kind: list(getattr(self, kind)) for kind in KINDS}

    @property
    def words(self) -> str:
        """«сферы: спорт; достижения: внесено школой; работы с рецензиями», or "" of the whole portfolio."""
        if self == WHOLE:
            return ""
        titles = {kind: [title for code, title in KINDS[kind] if code in getattr(self, kind)] for kind in KINDS}
        spheres = "все" if self.spheres == WHOLE.spheres else ", ".join(titles["spheres"])
        origins = "все" if self.origins == WHOLE.origins else ", ".join(titles["origins"]) or "нет"
        return "; ".join([f"сферы: {spheres}", f"достижения: {origins}", *titles["parts"]])

    def of(self, content: Content) -> Content:
        """The content without what was not chosen."""
        entries = [
            one for one in content.entries
            if one.achievement.sphere in self.spheres and one.achievement.origin in self.origins
        ]  # fmt: skip
        works = tuple(one for one in content.works if one.work.sphere in self.spheres and WORKS in self.parts)
        cover = content.cover if COVER in self.parts else None
        return replace(content, cover=cover, groups=groups_of(entries), works=works)


WHOLE = Sections(*(tuple(code for code, _ in known) for known in KINDS.values()))
