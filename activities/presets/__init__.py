"""Sets of rules and types that a programme year begins with."""
