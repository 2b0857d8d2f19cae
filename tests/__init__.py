"""Tests, by app and by kind."""
