"""Spreadsheets in: from a file to checked rows, to one transaction, and back (domain.md §8; ui.md, signature piece 5).

What a ledger is stands in its ``ImportKind`` (``registry``); everything else here is the same for all.
A file goes upload (``storage``) → reading and matching (``evaluation``, by way of ``jobs``) → preview rows →
``actions.commit_batch`` → perhaps ``actions.undo_batch``. Nothing reaches other tables before the commit.
"""
