"""House numbers as they are compared: #88, 88号 and 门牌８８ are one household."""

from __future__ import annotations

import re
import unicodedata

_NOISE = re.compile(r"[\s#号户.。,，]|门牌|no", re.IGNORECASE)


def house_key(written: str) -> str:
    """What a written house number is compared by; empty when nothing is left."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", written).replace("—", "-")).casefold()[:40]
