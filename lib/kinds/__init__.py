"""One machinery for many mechanisms: a kind is declared once and gets list, filters, form, export, history and permission.

``declare`` holds the words of a declaration, ``registry`` the declared kinds, the other files what is made from them.
Nothing here knows a model or a tenant: who asks is anything with ``can`` and ``reach`` (``declare.Access``).
How to write a kind: docs/adding-a-kind.md.
"""
