"""Figures and periods: pure values, no Django."""
