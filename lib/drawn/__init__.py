"""Pieces of pages that are put together here and not by a template: what stands on a page a hundred times.

A list of 50 rows costs some 9,000 look-ups of variables as a template, and hardly any as ready strings (docs/performance.md).
All text passes ``words.escaped``: nothing of a name, a note or an address reaches the page unescaped.
"""
