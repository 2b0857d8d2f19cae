"""Answering pages and programs: forms, refusals as problems, keyset pages, limits of rates, CSV."""
