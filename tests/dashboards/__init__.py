"""Figures of small worlds, worked out by hand."""
