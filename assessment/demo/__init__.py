"""What assessment adds to the demonstration: households, warnings and honours of each year, and the last year judged."""
