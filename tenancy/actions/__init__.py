"""What people do with accounts, grants, settings and feedback, one file a subject."""
