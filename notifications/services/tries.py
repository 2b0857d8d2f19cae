"""How often mail is tried, and how long one try waits for the next."""

from datetime import timedelta

BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
MOST_ATTEMPTS = len(BACK_OFF) + 1
