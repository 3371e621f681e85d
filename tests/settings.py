"""Settings of the tests: those of the portal, with keys of their own, fast passwords and files in a temporary folder.

The database is a file (WAL and IMMEDIATE behave as in real use) unless DATABASE_URL names a PostgreSQL server.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from eios.keys import new_keys

FOLDER = Path(tempfile.mkdtemp(prefix="eios-tests-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

(FOLDER / "static").mkdir()
# The workers of one run have the keys of the first process, since they copy what it has made ready (tests/ready.py).
if "TESTS_READY" not in os.environ:
    os.environ.update(new_keys(), TESTS_READY=str(FOLDER / "ready"))
os.environ.update(
    HTTPS="false",
    DEBUG="false",
    STATIC_COLLECTED="false",
    STATIC_ROOT=str(FOLDER / "static"),
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    TRUSTED_PROXIES="0",
    TIME_ZONE="Europe/Moscow",
    EMAIL_URL="memorymail://",
    MEDIA_ROOT=str(FOLDER / "media"),
    AUDIT_HEADS=str(FOLDER / "audit-heads.log"),
)
for name in ("CLAMD", "X_ACCEL_PREFIX", "DEMO_PASSWORD", "CSRF_TRUSTED_ORIGINS"):
    os.environ[name] = ""
os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or f"sqlite:///{FOLDER}/eios.sqlite3"

from eios.settings import *  # noqa: E402, F403 - only now are the keys in place
from eios.settings import CACHES, DATABASES, PASSWORD_HASHERS  # noqa: E402

REAL_PASSWORD_HASHERS = PASSWORD_HASHERS
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *REAL_PASSWORD_HASHERS]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# A test's rows change without the public version: nothing drawn is kept, but where a test is about that.
CACHES = CACHES | {"memory": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
# Static files are looked up when asked for: else every test client would begin by reading all of them.
WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
