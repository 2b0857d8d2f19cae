"""The Celery app. Tasks are wake-up calls: whatever must not be lost is a row."""

from __future__ import annotations

from typing import Any

from celery import Celery
from kombu.transport.virtual.base import QoS

app = Celery("baton")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_restore_unacked = QoS.restore_unacked


def restore_unacked(qos: Any) -> Any:
    """Kombu 5.7 ends the worker here when the broker dies while a late-ack task runs.

    The connection is gone, so nothing can be given back; the broker redelivers what was not acknowledged.
    """
    try:
        return _restore_unacked(qos)
    except AttributeError:
        qos._delivered.clear()  # noqa: SLF001 - kombu offers no other door
        return []


QoS.restore_unacked = restore_unacked  # type: ignore[method-assign,assignment]
