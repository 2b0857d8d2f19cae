"""What can be asked for about people, teams, keys and the organisation."""
