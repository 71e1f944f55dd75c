"""What each area registers with the floors below when the server starts."""
