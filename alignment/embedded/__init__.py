"""A real PostgreSQL and a real Valkey from Python wheels, so that one command runs everything."""
