"""Settings, all from the environment; `var/env` beside the checkout is read as a part of it.

Missing secrets stop the portal with a line that names them.
"""

import base64
import re
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from eios.databases import database_from
from eios.lib.crypto import parse_keys

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
if (VAR_DIR / "env").exists():
    env.read_env(VAR_DIR / "env")


def secret(name: str, what: str) -> str:
    value = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"не задана переменная окружения {name} ({what}). См. docs/installation.md.")
    return value


def key_of(name: str, what: str) -> bytes:
    try:
        key = base64.b64decode(secret(name, what), validate=True)
    except ValueError:
        key = b""
    if len(key) < 32:
        raise ImproperlyConfigured(f"{name}: ожидаются 32 байта в base64 ({what}).")
    return key


# Part of the ETag of public pages: a new release makes cached ones stale.
RELEASE = "0.1.0"
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = secret("SECRET_KEY", "ключ подписи сеансов")
FIELD_KEYS = parse_keys(secret("FIELD_KEYS", "ключи шифрования"))
AUDIT_KEY = key_of("AUDIT_KEY", "ключ печати журнала аудита")
HTTPS = env.bool("HTTPS", True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many reverse proxies of the school's own stand before the portal; 0 believes no forwarded header.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
# One password for the invented people of `manage.py demo`; without it the command makes one up and prints it.
DEMO_PASSWORD = env.str("DEMO_PASSWORD", "")
AUDIT_HEADS = Path(env.str("AUDIT_HEADS", str(VAR_DIR / "audit-heads.log")))

INSTALLED_APPS = [
    "eios",
    "portfolio",
    "journal",
    "resources",
    "accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guardian",
    "csp",
    "eios.apps.PortalAdminConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "eios.middleware.HeadersMiddleware",
    "eios.middleware.LimitsMiddleware",
    "eios.middleware.SchoolMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ReauthenticationMiddleware",
    "eios.middleware.GateMiddleware",
]

ROOT_URLCONF = "eios.urls"
WSGI_APPLICATION = "eios.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "eios.context.portal",
            ],
            "builtins": ["django.templatetags.static", "eios.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = database_from(env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'eios.sqlite3'}"))
# One for all workers: used codes of second factors and counts of attempts live here; pages don't use it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Each worker's own: drawn pages and pieces of them, under keys that change with what they show.
    "memory": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend", "guardian.backends.ObjectPermissionBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.PortalArgon2Hasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.password_rules.LengthRule"},
    {"NAME": "accounts.password_rules.KnownPasswordRule"},
    {"NAME": "accounts.password_rules.PersonalRule"},
]

# In characters; why these: docs/decisions/0020-passwords.md.
PASSWORD_MIN_LENGTH = env.int("PASSWORD_MIN_LENGTH", 8)
PASSWORD_MIN_LENGTH_STAFF = env.int("PASSWORD_MIN_LENGTH_STAFF", 12)

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "eios:cabinet"
ACCOUNT_ADAPTER = "accounts.adapter.PortalAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_USER_DISPLAY = "accounts.adapter.display_name"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.adapter.ResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "accounts.forms.sign_in.SignInForm",
    "change_password": "accounts.forms.password.ChangePasswordForm",
    "reset_password": "accounts.forms.password.ResetRequestForm",
    "reset_password_from_key": "accounts.forms.password.ResetPasswordForm",
}
# Throttling of sign-in is the portal's own (accounts/throttling.py); allauth's limits lock a school behind one address.
ACCOUNT_RATE_LIMITS = {
    "login": False,
    "login_failed": "5/m/key,30/h/key",  # codes of the second factor, by person
    "reset_password": "60/m/ip,5/h/key",
    "reset_password_from_key": "60/m/ip",
    "change_password": "10/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "accounts.adapter.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "accounts.forms.second_factor.AddKeyForm",
    "authenticate_webauthn": "accounts.forms.second_factor.AuthenticateKeyForm",
    "reauthenticate_webauthn": "accounts.forms.second_factor.ReauthenticateKeyForm",
}
MFA_TOTP_TOLERANCE = 0
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
PASSWORD_RESET_TIMEOUT = 60 * 60

GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "eios.views.errors.csrf_failure"

SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Ordinary forms; files go through accounts/actions/files.py with limits by kind.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
MAX_REQUEST_BYTES = env.int("MAX_REQUEST_BYTES", 64 * 1024 * 1024)
# A video of a course is larger than any other upload: only these pages take so much.
MAX_COURSE_FILE_BYTES = env.int("MAX_COURSE_FILE_BYTES", 520 * 1024 * 1024)
LARGE_UPLOADS = re.compile(r"/courses/desk/(import/|\d+/media/(\d+/)?)")
# Megabytes of files that one course may keep; nobody's own quota.
COURSE_MEDIA_MB = env.int("COURSE_MEDIA_MB", 2000)
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
# Megabytes of files that one person may keep.
FILE_QUOTA_MB = env.int("FILE_QUOTA_MB", 500)
# clamd, which looks for viruses in uploads: host:port or the path of a unix socket.
CLAMD = env.str("CLAMD", "")
# A front server that sends the files itself: the address of its internal location over MEDIA_ROOT.
X_ACCEL_PREFIX = env.str("X_ACCEL_PREFIX", "")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Collected files have hashed names and are cached for ever; without a collecting step they are found in place.
STATIC_COLLECTED = env.bool("STATIC_COLLECTED", False)
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

LANGUAGE_CODE = "ru"
TIME_ZONE = env.str("TIME_ZONE", "Europe/Moscow")
USE_I18N = True
USE_TZ = True
LANGUAGES = [("ru", "Русский")]

EMAIL_TIMEOUT = 30
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "eios@localhost")
ACCOUNT_EMAIL_SUBJECT_PREFIX = "ЭИОС: "
# Where letters lead: a command that sends them has no request to tell it.
_FIRST_HOST = next((host.lstrip(".") for host in ALLOWED_HOSTS if host != "*"), "localhost")
PORTAL_URL = (env.str("PORTAL_URL", "") or f"{'https' if HTTPS else 'http'}://{_FIRST_HOST}").rstrip("/")

# auth.W004: the login is unique regardless of case, by a constraint on an expression that the check does not see.
# models.W040: columns that an index carries along are PostgreSQL's; SQLite does well without.
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "auth.W004", "models.W040"]
if not HTTPS:
    # Plain http is a choice of `make run` on one machine: these checks speak of TLS only.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        # A forged Host header is refused with 400; robots send them by the thousand.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django": {"handlers": [], "propagate": True, "level": env.str("LOG_LEVEL", "WARNING")},
    },
}
