"""Settings of the one-command run, and the base of `alignment.settings.production`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from alignment import environment, schedule

BASE_DIR = environment.PROJECT
DATA_DIR = environment.data_dir()
DEMO = environment.flag("DEMO", default=False)  # `manage.py` sets it to 1 on the embedded database
DEBUG = False
SECRET_KEY = environment.text("SECRET_KEY") or get_random_secret_key()
ALLOWED_HOSTS = environment.allowed_hosts()

APPS = (
    "common.apps.CommonConfig",
    "calendars.apps.CalendarsConfig",
    "accounts.apps.AccountsConfig",
    "definitions.apps.DefinitionsConfig",
    "leads.apps.LeadsConfig",
    "sla.apps.SlaConfig",
    "intake.apps.IntakeConfig",
    "desk.apps.DeskConfig",
    "trials.apps.TrialsConfig",
    "dashboards.apps.DashboardsConfig",
    "notifications.apps.NotificationsConfig",
    "alignment.apps.AlignmentConfig",
)
INSTALLED_APPS = [
    *reversed(APPS),  # the templates and commands of the outer apps win over those of the inner ones
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "drf_spectacular",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.lasting_session",
    "alignment.middleware.private_pages",
    "common.web.once.one_page",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.local_time",
    "django.contrib.messages.middleware.MessageMiddleware",
    "alignment.middleware.said_methods",
    "common.web.http.Refusals",
    "accounts.middleware.ReadOnly",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "alignment.urls"
WSGI_APPLICATION = "alignment.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.demo_personas",
                "notifications.context.notices",
                "desk.navigation.navigation",
                "alignment.context.watchers",
            ],
        },
    }
]

# Data
DATABASE_URL = environment.text("DATABASE_URL", "postgresql://baton@localhost/baton")
parsed: dict[str, Any] = {**dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **parsed,
        "OPTIONS": environment.NETWORK | parsed.get("OPTIONS", {}) | {"options": environment.limits()},
        "TEST": {"NAME": "test_baton", "TEMPLATE": environment.text("TEST_TEMPLATE") or None},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Journals are inserted into and read; `migrate` gives the app's role no other right on them.
APPEND_ONLY_TABLES = ("leads_leadevent", "sla_clockevent")
APP_DATABASE_ROLE = environment.text(
    "APP_DATABASE_ROLE"
)  # `manage.py migrate` sets it when it is not the owner
MIGRATE_FIRST = True

REDIS_URL = environment.text("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "alignment.cache.ForgivingCache",
        "LOCATION": environment.cache_url(REDIS_URL),
        "KEY_PREFIX": "baton",
        "OPTIONS": {
            "serializer": "alignment.cache.JsonSerializer",
            "socket_connect_timeout": 0.2,
            "socket_timeout": 0.5,
        },
    }
}

METRICS_TOKEN = environment.text("METRICS_TOKEN")  # who shows it reads /metrics

# Language and time
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# Signing in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "alignment.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation already went to that address
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "change_password": "accounts.forms.passwords.ChangePasswordForm",
    "reset_password": "accounts.forms.passwords.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.passwords.ResetPasswordKeyForm",
}
MFA_ADAPTER = "alignment.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Baton"
SESSION_ENGINE = "alignment.session_store"
SESSION_COOKIE_AGE = 12 * 3600  # seconds without an act; accounts.middleware ends it after 14 days
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "alignment.errors.too_old"
CSRF_COOKIE_SAMESITE = "Lax"

# What a browser may do
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.permissions.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["desk.api.limits.Limited"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "alignment.api_schema.DescribedSchema",
    "EXCEPTION_HANDLER": "common.web.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Baton",
    "DESCRIPTION": "Leads, handoffs and the clocks that bind both teams.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ClockStatus": "sla.models.Clock.Status",
        "DefinitionStatus": "definitions.models.DefinitionVersion.Status",
        "HandoffStatus": "leads.models.Handoff.Status",
    },
}

# Mail
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# Where people reach this installation: links in mail begin with it.
SITE_URL = environment.text("SITE_URL", environment.site_url()).rstrip("/")
MAIL_DOMAIN = urlsplit(SITE_URL).hostname or "localhost"
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "Baton <baton@localhost>")

# Background work
STANDBY_SECONDS = environment.number("STANDBY_SECONDS", 5)  # between a worker's own ticks; 0: none
CELERY_BROKER_URL = environment.broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_throttle": 1,  # kombu otherwise looks for lost messages every 100 s
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 10,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "sync"
CELERY_TASK_ROUTES = schedule.ROUTES
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # keeps nothing on disk that a crash could spoil
CELERY_BEAT_SCHEDULE = {**schedule.BEAT, **(schedule.DEMO_BEAT if DEMO else {})}
CELERY_IMPORTS = ("alignment.demo.tasks",) if DEMO else ()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"celery.app.trace": {"level": "WARNING"}, "celery.beat": {"level": "WARNING"}},
}
