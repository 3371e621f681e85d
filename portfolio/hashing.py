"""The fingerprint of a version of a work: what a sealed version holds, in one number. Pure."""

import hashlib
import json
from collections.abc import Iterable


def fingerprint(
    text: str, reflection: str, files: Iterable[tuple[str, str]], links: Iterable[tuple[str, str]]
) -> str:  # fmt: skip
    """SHA-256 of the contents as JSON with sorted keys: text, reflection, (name, SHA-256) of files and (address,
    title) of links, each in their order. Whoever has the archive can reckon it again."""
    content = {
        "files": [list(one) for one in files],
        "links": [list(one) for one in links],
        "reflection": reflection,
        "text": text,
    }
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
