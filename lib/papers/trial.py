"""Trying a template in a child process, so that a hostile document can only take the child down."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from lib.papers.language import Fields
from lib.papers.refusals import TemplateRefused

TIME_LIMIT_SECONDS = 15
MEMORY_LIMIT_BYTES = 1024**3
_ROOT = Path(__file__).resolve().parents[2]


def try_template(content: bytes, fields: Fields, *, seconds: float = TIME_LIMIT_SECONDS) -> None:
    """Fill it with samples, under limits of time and memory. Raises TemplateRefused with what is wrong."""
    head = json.dumps({name: list(columns) if columns is not None else None for name, columns in fields.items()}).encode()
    command = [sys.executable, "-m", "lib.papers.child", str(MEMORY_LIMIT_BYTES), str(int(seconds) + 1)]
    try:
        done = subprocess.run(  # noqa: S603 — our own interpreter and module; the document goes in by a pipe
            command, cwd=_ROOT, timeout=seconds, input=head + b"\n" + content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            check=True,
        )  # fmt: skip
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, OSError, ValueError) as problem:
        raise TemplateRefused("too_heavy") from problem
    if answer["code"]:
        raise TemplateRefused(answer["code"], **answer["params"])
