"""Which database the portal stands on: SQLite for a trial or a small school, PostgreSQL (15 or newer) for the rest.

`DATABASE_URL` names it; `database_from` turns the address into Django's settings, tuned for real use.
"""

from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
MINIMUM_POSTGRESQL = 15

# Writers queue for the one lock instead of failing (IMMEDIATE + busy timeout, in seconds); FULL survives a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-8000;"
        "PRAGMA mmap_size=67108864;PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864"
    ),
}

# A stopped or unplugged server must be noticed in under three seconds: connecting may take two (the least libpq
# allows), and what was sent without an answer from the other host's network is given up after 2.5.
POSTGRESQL_OPTIONS = {
    "connect_timeout": 2,
    "tcp_user_timeout": 2500,
    "keepalives_idle": 30,
    "application_name": "eios",
    # A query asked for the fourth time is kept planned: planning the person's query takes longer than running it.
    "server_side_binding": True,
    "prepare_threshold": 3,
    # Statements with many EXISTS look dear to the planner; compiling them takes longer than any of our pages may.
    "options": "-c jit=off",
}
# What may stand after the question mark of the address, as libpq names it.
POSTGRESQL_PARAMETERS = frozenset(
    ["host", "port", "connect_timeout", "options", "gssencmode", "target_session_attrs"]
    + ["sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl"]
)

EXAMPLES = "sqlite:////srv/eios/eios.sqlite3 или postgres://eios:пароль@127.0.0.1:5432/eios"


def database_from(url: str) -> dict[str, dict]:
    """Django's DATABASES for the database named by `url`; a relative SQLite path counts from the checkout.

    Raises ImproperlyConfigured, with a line in Russian, when the address can't be understood.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refusal("адрес не разобрать — проверьте порт и скобки") from error
    if parts.scheme in ("sqlite", "sqlite3"):
        return {"default": _sqlite(parts)}
    if parts.scheme in ("postgres", "postgresql"):
        return {"default": _postgresql(parts, port)}
    raise _refusal(f"база «{parts.scheme or url}» не поддерживается, нужна SQLite или PostgreSQL")


def _refusal(reason: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"DATABASE_URL: {reason}. Пример: {EXAMPLES}")


def _sqlite(parts: SplitResult) -> dict:
    path = unquote(parts.path).removeprefix("/")
    if parts.netloc or not path:
        raise _refusal("после «sqlite:» нужны три косые черты и путь к файлу (четыре, если путь от корня)")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(ROOT / path),
        "CONN_MAX_AGE": None,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def _postgresql(parts: SplitResult, port: int | None) -> dict:
    parameters = dict(parse_qsl(parts.query))
    if unknown := parameters.keys() - POSTGRESQL_PARAMETERS:
        raise _refusal(f"неизвестный параметр «{min(unknown)}»")
    name = unquote(parts.path).removeprefix("/")
    if not name:
        raise _refusal("не указано имя базы")
    host, port = parameters.pop("host", ""), parameters.pop("port", port)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket folder is written either as ?host=/run/postgresql or as %2Frun%2Fpostgresql.
        "HOST": host or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": POSTGRESQL_OPTIONS | parameters,
    }


@register(Tags.database)
def check_versions(databases=None, **kwargs) -> list[Error]:
    """Refuse a PostgreSQL server older than the portal's constraints and tests need."""
    asked = [connections[alias] for alias in databases or []]
    return [
        error
        for connection in asked
        if connection.vendor == "postgresql"
        for error in version_errors(connection.pg_version // 10000)
    ]


def version_errors(major: int) -> list[Error]:
    if major >= MINIMUM_POSTGRESQL:
        return []
    return [Error(f"PostgreSQL {major} слишком старая: нужна {MINIMUM_POSTGRESQL} или новее.", id="eios.E001")]
