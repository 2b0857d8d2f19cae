"""Settings of a real installation. Start-up refuses what would not be safe there."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from alignment import environment
from alignment.settings import *  # noqa: F403 - Django's own idiom for settings that refine others

REQUIRED = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS")
if missing := [name for name in REQUIRED if not environment.text(name)]:
    raise ImproperlyConfigured(f"Production settings need {', '.join(missing)}.")
if environment.flag("DEMO", default=False):
    raise ImproperlyConfigured("DEMO=1 lets anyone sign in as anyone; production settings refuse it.")

ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts; production settings refuse `*`.")
# Links in mail begin with the first of them, unless SITE_URL says otherwise.
SITE_URL = environment.text("SITE_URL", f"https://{ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/")
MAIL_DOMAIN = urlsplit(SITE_URL).hostname or ALLOWED_HOSTS[0]
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
MIGRATE_FIRST = False  # a step of its own in every deployment

# Behind a proxy that speaks TLS and sets X-Forwarded-Proto
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"

# The image holds collected, compressed files with their digest in the name.
WHITENOISE_USE_FINDERS = False
STATIC_ROOT = environment.PROJECT / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(environment.number("EMAIL_PORT", 587))
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
