"""Pure rules about people: what a standing allows."""
