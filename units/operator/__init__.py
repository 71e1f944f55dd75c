"""What the platform's operator does: counties, their first administrators, complaints about the software.

Nothing inside a county is read here (domain.md §7, OP).
"""
