"""Forms of desk: text into domain values, and no further."""
