"""The settings of processes in fault tests: the product's own, with mail into a folder."""

import os

from alignment.settings import *  # noqa: F403 - the very same settings

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = os.environ["MAIL_FOLDER"]
