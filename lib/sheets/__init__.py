"""Reading and writing the spreadsheets that offices exchange (`domain.md` §8).

The way in: `limited.read_limited` (bytes checked, opened in a child process) gives a `Workbook`;
`understand.understand` turns one of its sheets into rows of values, questions and errors after a
`SheetKind`. The way out: `official` for people and paper, `machine` for programs, `annotate` for
the same file with a column of error notes.
"""
