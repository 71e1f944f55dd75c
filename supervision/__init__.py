"""Warnings of level 2 and up, findings and their rectification (domain.md §4.3, §4.4)."""
