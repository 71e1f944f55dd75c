"""Reading an upload in a child process, so that a hostile file can only take the child down."""

import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

from lib.chinese.text import tidy
from lib.sheets.grid import Workbook
from lib.sheets.refusals import SheetRefused

TIME_LIMIT_SECONDS = 20
MEMORY_LIMIT_BYTES = 1024**3  # address space, of which a form of 20,000 rows uses a small part

_ROOT = Path(__file__).resolve().parents[2]


def read_limited(
    path: Path, filename: str = "", *, seconds: float = TIME_LIMIT_SECONDS, memory: int = MEMORY_LIMIT_BYTES
) -> Workbook:
    """Check and read a file under limits of time and memory.

    Raises SheetRefused, also when the child died or was stopped (`too_heavy`).
    """
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        answer = Path(folder) / "answer"
        command = [
            sys.executable,
            "-m",
            "lib.sheets.child",
            str(path.resolve()),
            _plain_name(filename or path.name),
            str(answer),
            str(memory),
            str(int(seconds) + 1),
        ]
        try:
            subprocess.run(  # noqa: S603 — our own interpreter and module; the file name is an argument
                command,
                cwd=_ROOT,
                timeout=seconds,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            # Our own child wrote this in a folder only we can enter; no upload is ever unpickled.
            result = pickle.loads(answer.read_bytes())  # noqa: S301
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError, OSError, EOFError, pickle.UnpicklingError) as problem:
            raise SheetRefused("too_heavy") from problem
    if isinstance(result, SheetRefused):
        raise result
    if not isinstance(result, Workbook):
        raise SheetRefused("too_heavy")
    return result


def _plain_name(filename: str) -> str:
    """A name that can be an argument: uploads may carry NUL and lone surrogates in theirs."""
    return tidy(filename)[-80:] or "upload"
