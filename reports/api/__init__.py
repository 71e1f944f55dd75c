"""The API of boards."""
