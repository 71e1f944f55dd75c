"""Pages of boards and papers."""
