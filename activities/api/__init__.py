"""The year for programs."""
