"""The demonstration's year: rules, a second roster, and what its invented people did."""
