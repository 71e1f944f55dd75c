"""Commands of assessment."""
