"""Template tags of settings pages."""
