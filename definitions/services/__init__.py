"""What can be done with a definition's versions."""
