"""``make bench``: every figure of this folder, as a table and one JSON line each. BENCH_SCALE=small|nation."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from pathlib import Path

from bench.figure import Figure

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run each module's ``figures(scale)``; exit 1 when a goal is missed; with ``--exact``, a counted one."""
    from bench.database import throw_away_database

    scale = os.environ.get("BENCH_SCALE", "small")
    if scale not in ("small", "nation"):
        print("BENCH_SCALE 只能是 small 或 nation。", file=sys.stderr)
        return 2
    found: list[Figure] = []
    with throw_away_database():
        for module in sorted(info.name for info in pkgutil.iter_modules([str(HERE)])):
            measure = getattr(importlib.import_module(f"bench.{module}"), "figures", None) if module != "__main__" else None
            if measure is not None:
                found += measure(scale)
    width = max(len(figure.name) for figure in found)
    for figure in found:
        goal = "—" if figure.goal is None else f"≤ {figure.goal:g}"
        print(f"{figure.name:<{width}}  {figure.ratio:8.3f}  {goal:>8}  {'ok' if figure.ok else 'MISSED'}  {figure.told}")
    print(*(figure.line() for figure in found), sep="\n")
    judged = [figure for figure in found if figure.is_exact] if "--exact" in sys.argv[1:] else found
    return 0 if all(figure.ok for figure in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
