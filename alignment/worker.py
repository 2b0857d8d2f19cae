"""What `celery -A alignment.worker` runs: the app with the longer time limit of background work."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alignment.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "60s")

from alignment.celery import app

__all__ = ["app"]
