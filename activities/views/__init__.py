"""Pages of the year."""
