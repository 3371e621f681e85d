"""The keys of one installation, made once.

    python -m eios.keys                        writes var/env for a trial on this computer, unless it is there
                                               or the environment has keys already
    python -m eios.keys --production HOST      prints the settings of a real portal at https://HOST

Keys are kept apart from the database and its backups: who has a stolen copy of one must not have the other.
"""

import argparse
import base64
import os
import secrets
import sys
from pathlib import Path

ENV_FILE = Path(__file__).resolve().parent.parent / "var" / "env"

WARNING = "# Ключи этой установки: не публикуйте их, а копию храните отдельно от копий базы.\n"

# Syllables that nobody mistakes when reading aloud or typing from a slip.
CONSONANTS, VOWELS, DIGITS = "bdfgkmnprstvz", "aeiu", "23456789"


def readable_password(words: int = 3, syllables: int = 3) -> str:
    """A random password for typing by hand, such as «bamide-korusa-tevina-47»: over 55 bits as it stands."""
    parts = [
        "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(syllables)) for _ in range(words)
    ]
    return "-".join([*parts, secrets.choice(DIGITS) + secrets.choice(DIGITS)])


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def new_keys() -> dict[str, str]:
    """What every installation needs: the session key, keys of encrypted fields (`id:base64`), the audit seal's key."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"k1:{_key()}",
        "AUDIT_KEY": _key(),
    }


def trial_settings() -> dict[str, str]:
    """Keys and switches of a trial on one computer: plain http, one password for the demo people."""
    return new_keys() | {"HTTPS": "false", "DEMO_PASSWORD": readable_password()}


def production_settings(host: str) -> dict[str, str]:
    """Settings of a portal that people reach at https://`host`, with a password for the database of compose.yaml."""
    return new_keys() | {"ALLOWED_HOSTS": host, "HTTPS": "true", "POSTGRES_PASSWORD": secrets.token_urlsafe(24)}


def _text(settings: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def write_once(path: Path, text: str) -> bool:
    """Write `text` to `path` for its owner only, whole or not at all; False if the file is there already."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike a rename, never replaces keys that another process has just written
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m eios.keys", description="Ключи одной установки портала")
    parser.add_argument("--production", metavar="ИМЯ", help="напечатать настройки портала с этим доменным именем")
    host = parser.parse_args(arguments).production
    if host:
        sys.stdout.write(_text(production_settings(host)))
    elif not all(os.environ.get(name) for name in new_keys()) and write_once(
        ENV_FILE, WARNING + _text(trial_settings())
    ):
        sys.stdout.write(f"Ключи установки созданы: {ENV_FILE.parent.name}/{ENV_FILE.name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
