"""What the product tells people: an outbox in PostgreSQL, and each person's inbox (reliability.md §2.3)."""
