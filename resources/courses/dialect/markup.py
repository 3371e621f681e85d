"""A file of a course as a page shows it: picture, sound, video, or a link to save it (1.6, 3.6). Pure."""

from django.utils.html import escape

from eios.lib.filetypes import size_text
from eios.lib.filetypes.kinds import TYPES
from resources.courses.links import Media

# An author says so of a picture that tells nothing.
DECORATIVE = "—"


def figure(media: Media, caption: str) -> str:
    """HTML of the file with its caption; what it weighs is said before it is loaded."""
    kind = media.media_type.partition("/")[0]
    if kind == "image":
        return _figure(picture(media), _caption(caption, media.credit))
    if kind in ("audio", "video"):
        player = _video(media) if kind == "video" else _audio(media)
        what = "Видео" if kind == "video" else "Звук"
        facts = ", ".join(filter(None, [what, _length(media.seconds), size_text(media.size)]))
        return _figure(player, _caption(caption, media.credit, f"{facts}. {_save(media)}"))
    title = TYPES.get(media.media_type, ("файл", ()))[0]
    return f'<p class="file"><a href="{escape(media.address)}">{escape(caption or media.title)}</a> ' \
           f'<span class="small soft">({title}, {size_text(media.size)})</span></p>'  # fmt: skip


def picture(media: Media) -> str:
    """The picture alone, with what narrow screens load instead."""
    attributes = {
        "src": media.address, "alt": "" if media.alt == DECORATIVE else media.alt, "width": media.width,
        "height": media.height, "loading": "lazy",
    }  # fmt: skip
    if media.smaller and media.width:
        sources = [*media.smaller, (media.address, media.width)]
        attributes["srcset"] = ", ".join(f"{address} {width}w" for address, width in sources)
        attributes["sizes"] = "(max-width: 45rem) 100vw, 42rem"
    return f"<img {_attributes(attributes)}>"


def _video(media: Media) -> str:
    attributes = {
        "src": media.address, "poster": media.poster or None, "width": media.width, "height": media.height,
        "controls": "", "preload": "none", "aria-label": media.alt or None,
    }  # fmt: skip
    return f"<video {_attributes(attributes)}>{_track(media)}</video>"


def _audio(media: Media) -> str:
    attributes = {"src": media.address, "controls": "", "preload": "none", "aria-label": media.alt or None}
    return f"<audio {_attributes(attributes)}>{_track(media)}</audio>"


def _track(media: Media) -> str:
    if not media.subtitles:
        return ""
    return f'<track kind="subtitles" srclang="ru" label="Субтитры" src="{escape(media.subtitles)}">'


def _figure(inside: str, caption: str) -> str:
    return f"<figure>{inside}{caption}</figure>"


def _caption(caption: str, credit: str, facts: str = "") -> str:
    words = ". ".join(escape(part).rstrip(". ") for part in (caption, credit) if part)
    if words and facts and words[-1] not in "?!…":
        words = f"{words}."
    parts = [words, f'<span class="small soft">{facts}</span>' if facts else ""]
    inside = " ".join(filter(None, parts))
    return f"<figcaption>{inside}</figcaption>" if inside else ""


def _save(media: Media) -> str:
    return f'<a href="{escape(media.address)}">Открыть отдельно</a>'


def _length(seconds: int | None) -> str:
    if not seconds:
        return ""
    minutes, rest = divmod(seconds, 60)
    return " ".join(filter(None, [f"{minutes}\u00a0мин" if minutes else "", f"{rest}\u00a0с" if rest else ""]))


def _attributes(values: dict) -> str:
    return " ".join(
        f'{name}="{escape(str(value))}"' if value != "" or name == "alt" else name
        for name, value in values.items()
        if value is not None
    )
