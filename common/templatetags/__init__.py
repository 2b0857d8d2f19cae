"""Template tags: the parts of a page, words for moments and figures, charts. None knows a business noun."""
