"""Shape of what the pages are sent."""
