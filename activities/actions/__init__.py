"""What people do in a year. Each is one transaction; nothing is overwritten."""
