"""What people write here: joint reports, templates."""
