"""Criteria over facts: judging, exchanging, wording and scoring. Pure."""
