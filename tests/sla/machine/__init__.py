"""A lead with everything that can happen to it, beside a plain model that knows only the rules of the domain."""
