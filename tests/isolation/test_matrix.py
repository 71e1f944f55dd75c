"""The table of routes is the one that was reviewed."""

from __future__ import annotations

import os
from pathlib import Path

from tests.isolation.matrix import DOCUMENT, document

PATH = Path(__file__).resolve().parent.parent.parent / DOCUMENT


def test_the_document_of_routes_is_up_to_date() -> None:
    wanted = document()
    if os.environ.get("PAIRING_WRITE_ROUTES"):
        PATH.write_text(wanted, encoding="utf-8")
    assert PATH.is_file()
    assert PATH.read_text(encoding="utf-8") == wanted, (
        "An address or a right has changed. Look whether it is meant, then write the table anew: "
        "PAIRING_WRITE_ROUTES=1 python -m pytest tests/isolation/test_matrix.py"
    )
