"""Management of intake."""
