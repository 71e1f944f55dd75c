"""Forms of the year."""
