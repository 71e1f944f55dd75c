"""What each area of this app registers with the floors below when the server starts."""
