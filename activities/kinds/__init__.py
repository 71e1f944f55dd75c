"""Declarations of what is written down: one small file a kind."""
