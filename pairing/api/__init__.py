"""Pairings and programme years for programs."""
