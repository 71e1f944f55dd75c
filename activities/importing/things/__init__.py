"""The ledgers of projects, livelihood items and courtyards as further kinds of import (domain.md §8.1, 4, 5 and 8)."""
