"""The API of supervision: read only; warnings are signed and findings closed on pages."""
