"""The demo company Northwater Systems: made up, the same at every start, dated from the moment of seeding."""
