"""The rules of a lead's life: pure, without Django."""
