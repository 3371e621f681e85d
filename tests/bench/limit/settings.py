"""The limit site: the least that a Django page can cost that has a session, a user and a list."""

import os

from eios.databases import database_from

SECRET_KEY = "only for measuring on this machine"
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "tests.bench.limit.pages"
CONTRIB = ["auth", "contenttypes", "sessions", "messages"]
INSTALLED_APPS = ["tests.bench.limit", *(f"django.contrib.{name}" for name in CONTRIB)]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
ENGINE = "django.template.backends.django.DjangoTemplates"
TEMPLATES = [{"BACKEND": ENGINE, "APP_DIRS": True, "OPTIONS": {"context_processors": PROCESSORS}}]
# The limit keeps its connections as the portal does, but neither asks how they are nor keeps its queries planned.
DATABASES = database_from(os.environ["DATABASE_URL"])
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
for name in ("server_side_binding", "prepare_threshold"):
    DATABASES["default"]["OPTIONS"].pop(name, None)
SESSION_COOKIE_NAME = "session"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING_CONFIG = None
