"""Working calendars and the arithmetic of business time."""
