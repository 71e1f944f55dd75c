"""What is drawn in Python and not by a template."""
