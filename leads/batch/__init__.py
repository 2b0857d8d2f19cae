"""Writing many leads, touches and events at once, by the same decisions as the services one by one."""
