"""Addresses of the year, by area."""
