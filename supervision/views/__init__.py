"""Pages of warnings and findings."""
