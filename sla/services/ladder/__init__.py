"""The steps after a miss: found when they are due, taken once, written down."""

from sla.services.ladder.climbing import climb

__all__ = ["climb"]
