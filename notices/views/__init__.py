"""Pages of the inbox and of what was and will be sent."""
