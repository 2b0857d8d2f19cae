"""What a person asks of an import, and what the worker does of it."""
