"""The REST API of leads, touches and handoffs: the same services that the pages call."""
