"""Pure arithmetic of working hours: no Django, no clock on the wall, no time zone of the machine."""
