"""Reading what Chinese offices write: text, numbers, dates, phones, names (`domain.md` §8.3).

Everything here is pure: text in, value out, nothing guessed. Where a text has two meanings the
result says so and lists them; asking the person is the caller's part.
"""
