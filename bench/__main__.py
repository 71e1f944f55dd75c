"""``make bench``: every figure of this folder, as a table and one JSON line each. BENCH_SCALE=small|tenth|nation.

``python -m bench rehearsal records`` (``make bench ARGS='rehearsal'``) measures these modules alone.
"""

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
    if scale not in ("small", "tenth", "nation"):
        print("BENCH_SCALE 只能是 small、tenth 或 nation。", file=sys.stderr)
        return 2
    known = sorted(info.name for info in pkgutil.iter_modules([str(HERE)]) if info.name != "__main__")
    named = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if set(named) - set(known):
        print(f"没有这样的测量:{'、'.join(sorted(set(named) - set(known)))}。可选:{'、'.join(known)}。", file=sys.stderr)
        return 2
    found: list[Figure] = []
    with throw_away_database():
        for name in named or known:
            module = importlib.import_module(f"bench.{name}")
            measure = getattr(module, "figures", None)
            # Some take minutes: they are measured when they are named.
            if measure is not None and (named or not getattr(module, "WHEN_NAMED", False)):
                found += measure(scale)
                print(f"{name}: {len(found)}", file=sys.stderr, flush=True)
    if not found:
        print("这里没有可测量的数字。", file=sys.stderr)
        return 2
    width = max(len(figure.name) for figure in found)
    for figure in found:
        goal = "—" if figure.goal is None else f"≤ {figure.goal:g}"
        print(f"{figure.name:<{width}}  {figure.ratio:8.3f}  {goal:>8}  {'ok' if figure.ok else 'MISSED'}  {figure.told}")
    print(*(figure.line() for figure in found), sep="\n")
    judged = [figure for figure in found if figure.is_exact] if "--exact" in sys.argv[1:] else found
    return 0 if all(figure.ok for figure in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
