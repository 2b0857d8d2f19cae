"""The verbs of domain section 3, one noun a module: each a pure decision of one act in one state."""
