"""Reading the year: who sees what, in a constant number of queries."""
