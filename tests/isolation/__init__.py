"""The walls between counties, tried from every side (reliability.md §1.7)."""
