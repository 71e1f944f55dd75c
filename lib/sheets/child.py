"""The child of `limited`: reads one file and writes the pickled answer. Knows no settings."""

import gc
import os
import pickle
import resource
import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Arguments: path, file name as uploaded, where to put the answer, bytes, seconds."""
    path, filename, answer, memory, seconds = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The grid is a quarter of a million small objects without cycles.
    gc.disable()
    from lib.sheets.reader import read_workbook
    from lib.sheets.refusals import SheetRefused

    result: object
    try:
        result = read_workbook(Path(path), filename)
    except SheetRefused as refusal:
        refusal.__cause__ = refusal.__context__ = None
        result = refusal
    part = Path(answer + ".part")
    with part.open("wb") as file:
        pickle.dump(result, file, protocol=pickle.HIGHEST_PROTOCOL)
    part.replace(answer)
    sys.stdout.flush()
    os._exit(0)  # freeing the grid piece by piece would take longer than reading it


if __name__ == "__main__":
    main(sys.argv[1:])
