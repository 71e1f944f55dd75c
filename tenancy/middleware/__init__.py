"""What happens to every request, one file a concern; the order stands in config/settings.py."""
