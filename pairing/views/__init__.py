"""Pages of pairings that lib.kinds does not make: ending one, naming who leads it, a county's first page."""
