"""Pages of accounts and of a county as a whole, one file a subject."""
