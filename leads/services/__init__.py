"""What a person or a machine can ask of a lead; one module a noun."""
