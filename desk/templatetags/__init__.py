"""Template tags of desk."""
