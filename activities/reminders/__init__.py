"""Levels 0 and 1 of the ladder, and the word to whoever is to confirm (domain.md §4.2, §4.4).

What is to be told is worked out from cells and records by set-based statements, as often as one likes; the floor
``notices`` tells it once. A machine never goes above level 1: whatever is graver, a person signs.
"""
