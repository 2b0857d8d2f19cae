"""Turning facts of the outbox into notices, and notices into mail."""
