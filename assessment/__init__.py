"""Rubrics, cycles, scores and score sheets (domain.md §3, §4.5)."""
