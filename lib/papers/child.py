"""The child of ``lib.papers.trial``: limits on itself first, then the template. Speaks JSON; knows no database."""

from __future__ import annotations

import json
import resource
import sys


def main() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from lib.papers.filling import fill
    from lib.papers.language import sample
    from lib.papers.refusals import TemplateRefused

    head = sys.stdin.buffer.readline()
    content = sys.stdin.buffer.read()
    fields = {name: tuple(columns) if columns is not None else None for name, columns in json.loads(head).items()}
    answer: dict[str, object] = {"code": "", "params": {}}
    try:
        fill(content, fields, sample(fields))
    except TemplateRefused as refused:
        answer = {"code": refused.code, "params": refused.params}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
