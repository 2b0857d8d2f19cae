"""Forms of this app: text in, domain values out."""
