"""Giving names of which there must be one: whoever comes second waits, and then sees the first."""

from __future__ import annotations

from django.db import connection, models


def alone_in_naming(model: type[models.Model]) -> None:
    """Until the transaction ends nobody else names a row of this model, so that looking whether one is free holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"name {model._meta.label}"])
