"""One way only to write a thing as JSON, so that its digest can be made again by anybody."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def written(content: Any) -> str:
    """Canonical JSON: keys sorted, no spaces, characters as they are; numbers with decimals come as text beforehand."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
