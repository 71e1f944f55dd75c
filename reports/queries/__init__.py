"""What boards and papers read."""
