"""Pages of people, teams, keys, the organisation and the first run."""
