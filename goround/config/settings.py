"""All settings, read from the environment once, failing loudly.

GOROUND_ENV says what this process is: ``demo`` (a filled network anybody at the keyboard
may try, the default of ``make run``), ``production``, or ``test``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from goround.config import environment as env

ENV = env.one_of("GOROUND_ENV", ("demo", "production", "test"), "demo")
DEMO = ENV == "demo"
PRODUCTION = ENV == "production"

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("GOROUND_DATA_DIR", "var")).resolve()

# Demo sign-ins do not survive a restart without this; nothing else depends on it there.
SECRET_KEY = env.text("GOROUND_SECRET_KEY", None if PRODUCTION else secrets.token_urlsafe(50))
# What unlocks contact details: outside the database, and outside every backup of it.
KEY_FILE = env.key_file("GOROUND_KEY_FILE", None if PRODUCTION else DATA_DIR / "keys/root.key")
# Who was erased, as lines that tell nobody anything: outside the database, so that restoring an
# older backup does not bring them back.
ERASED_FILE = Path(env.text("GOROUND_ERASED_FILE", str(DATA_DIR / "erased.txt"))).resolve()
DEBUG = False
ALLOWED_HOSTS = env.several(
    "GOROUND_ALLOWED_HOSTS", () if PRODUCTION else ("localhost", "127.0.0.1", "[::1]", "testserver")
)
CSRF_TRUSTED_ORIGINS = env.several("GOROUND_TRUSTED_ORIGINS")

# The demo page that lets a visitor choose who to be. accounts.checks refuses it in production.
CHOOSE_WHO_TO_BE = env.yes_or_no("GOROUND_CHOOSE_WHO_TO_BE", DEMO)

# Everybody but parents must have one. accounts.checks refuses to do without it in production;
# the demo opens without, for nobody wants to set up an app to look around.
SECOND_FACTOR_REQUIRED = env.yes_or_no("GOROUND_SECOND_FACTOR_REQUIRED", PRODUCTION)

# Passphrases looked at in the same moment, by one process; the rest wait for a little.
HASHES_AT_ONCE = env.whole_number("GOROUND_HASHES_AT_ONCE", os.cpu_count() or 2)

# Where a circle's video call is: any service whose rooms are made by opening their address. The
# room's name, which tells nothing and nobody can guess, goes behind it. Empty: no video calls.
VIDEO_CALLS = env.text("GOROUND_VIDEO_CALLS", "https://meet.jit.si/")
if VIDEO_CALLS == "none":
    VIDEO_CALLS = ""

# Where "Leave now" on every page leads: somewhere anybody might have been looking at.
QUICK_EXIT_URL = env.text("GOROUND_QUICK_EXIT_URL", "https://www.bbc.com/weather")

# How long a page of somebody signed in stays in sight while nobody touches it.
IDLE_MINUTES = env.whole_number("GOROUND_IDLE_MINUTES", 15)

# Requests worked on in the same moment by one web process. Four times as many wait for a moment;
# the rest are asked to come back.
REQUESTS_AT_ONCE = max(env.whole_number("GOROUND_REQUESTS_AT_ONCE", 8), 1)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "goround.apps.walls",
    "goround.apps.keys",
    "goround.apps.audit",
    "goround.apps.accounts",
    "goround.apps.organisations",
    "goround.apps.jobs",
    "goround.apps.people",
    "goround.apps.outbox",
    "goround.apps.apart",
    "goround.apps.groups",
    "goround.apps.meetings",
    "goround.apps.circle",
    "goround.apps.agreements",
    "goround.apps.children",
    "goround.apps.rooms",
    "goround.apps.joining",
    "goround.apps.marks",
    "goround.apps.proofs",
    "goround.apps.decisions",
    "goround.apps.agenda",
    "goround.apps.formation",
    "goround.apps.surveys",
    "goround.apps.safeguarding",
    "goround.apps.evidence",
    "goround.apps.records",
    "goround.apps.reports",
    "goround.apps.costs",
    "goround.apps.releases",
    "goround.apps.backups",
    "goround.apps.demo",
    "goround.web",
]

MIDDLEWARE = [
    "goround.web.middleware.page_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "goround.web.middleware.end_unused_sessions",
    "goround.web.middleware.speak_as_chosen",
    "goround.web.middleware.WallMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "goround.web.middleware.read_in_one_look",
    "goround.web.middleware.PolicyMiddleware",
]

ROOT_URLCONF = "goround.config.urls"
ASGI_APPLICATION = "goround.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django.template.loaders.filesystem.Loader"],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "goround.web.rendering.whereabouts",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

# Migrating is the owner's; pages and the worker run as a role that only reads and writes rows.
_DATABASE_URL = env.text("GOROUND_DATABASE_URL", f"sqlite:///{DATA_DIR}/goround.sqlite3")
AS_OWNER = env.yes_or_no("GOROUND_AS_OWNER", False)
DATABASES = {
    "default": env.database("GOROUND_OWNER_DATABASE_URL", _DATABASE_URL)
    if AS_OWNER
    else env.database("GOROUND_DATABASE_URL", _DATABASE_URL)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "public:sign_in"
LOGIN_REDIRECT_URL = "public:home"
PASSWORD_HASHERS = ["goround.apps.accounts.hashers.FloorArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
]

LANGUAGE_CODE = "en"
# A language joins when its catalogue is whole.
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("ar", _("Arabic"))]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["goround.config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static" if PRODUCTION else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# Mail. Without a service, messages stay in the outbox and a page shows what would be sent.
_SMTP = env.smtp("GOROUND_SMTP_URL")
SENDS_MAIL = _SMTP is not None
EMAIL_BACKEND = "goround.apps.outbox.post.NeutralBackend"
if _SMTP is not None:
    EMAIL_HOST, EMAIL_PORT = _SMTP.host, _SMTP.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _SMTP.user, _SMTP.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = _SMTP.ssl, _SMTP.starttls
EMAIL_TIMEOUT = 10
# What a telephone shows beside the subject: neither may say what this is about.
MAIL_NAME = env.text("GOROUND_MAIL_NAME", "Notes")
DEFAULT_FROM_EMAIL = env.email_address(
    "GOROUND_MAIL_FROM", None if PRODUCTION and SENDS_MAIL else "notes@localhost"
)
# Where the link that stops messages leads.
PUBLIC_URL = env.web_address(
    "GOROUND_PUBLIC_URL",
    f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION and ALLOWED_HOSTS else "http://localhost:8000",
)

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
# Our scripts read the token from the page.
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if PRODUCTION:
    STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    SECURE_SSL_REDIRECT = env.yes_or_no("GOROUND_HTTPS", True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    # A network on somebody's subdomain cannot speak for its neighbours: it says "no" here.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.yes_or_no("GOROUND_HSTS_SUBDOMAINS", True)
    SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
    if not SECURE_HSTS_INCLUDE_SUBDOMAINS:
        # That was said on purpose.
        SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Neither an address, a path with a token nor a form value may reach a log.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_address": {"()": "goround.web.quiet.WithoutAddress"}},
    "formatters": {
        "line": {
            "()": "goround.web.quiet.WithoutQuotes",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_address"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"goround": {"level": "INFO"}},
}
