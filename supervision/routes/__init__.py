"""Addresses, one file an area."""
