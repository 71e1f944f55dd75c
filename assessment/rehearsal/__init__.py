"""What a rehearsal plays of supervision and assessment, and its answers ``score`` and ``warnings`` (docs/rehearsal.md)."""
