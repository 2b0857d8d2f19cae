"""What a web server calls."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alignment.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "5s")
os.environ.setdefault("LOCK_TIMEOUT", "3s")  # R23
os.environ.setdefault("IDLE_TIMEOUT", "10s")  # a request that stands still lets go of its rows (F3, F17)

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
