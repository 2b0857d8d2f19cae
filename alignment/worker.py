"""What `celery -A alignment.worker` runs: the app with the longer limits of background work, and its own tick."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alignment.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "60s")
os.environ.setdefault("LOCK_TIMEOUT", "3s")  # R23: whoever waits in vain comes again with the next tick
os.environ.setdefault("IDLE_TIMEOUT", "60s")  # a worker that stands still lets go of its rows (F3)

from alignment import standby
from alignment.celery import app

standby.connect()

__all__ = ["app"]
