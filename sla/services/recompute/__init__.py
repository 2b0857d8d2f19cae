"""Recomputes: corrected calendars and amendments that also hold for running clocks (R10)."""
