"""Asking PostgreSQL: its clock, names of which there is one, what to try again, rows that seldom change."""
