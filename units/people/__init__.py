"""People of a county and what they may do: persons, their logins, their grants."""
