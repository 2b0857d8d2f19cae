"""How each metric is counted, one module a family. Each says what is counted and what is left out."""
