"""``manage.py import_sheet 县 台账 文件``: what a file would give, and with ``--commit`` to write it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from lib.sheets.refusals import SheetRefused
from tenancy.models import Tenant
from tenancy.scope import Actor, tenant_scope
from units.importing import actions, registry, storage
from units.importing.evaluation import Evaluation, evaluate, read_file
from units.importing.rows import reason_of, row_for_programs, told

WORDS = {"ok": "可导入", "question": "有疑问", "error": "错误"}
EFFECTS = {"add": "新增", "change": "变更", "same": "保留"}
ACTOR = Actor(name="命令行")
MOST_SHOWN = 200


class Refused(Exception):
    """The command ends here, with a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Command(BaseCommand):
    """Reads a ledger and says what is in it; without ``--commit`` nothing is written."""

    help = "读取台账表格并检查；加 --commit 才写入可导入的行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("tenant", help="县的地址名或六位区划代码，例如 gaozhou 或 440981")
        parser.add_argument("kind", help="台账的代码或名称，例如 units、单位花名册；写错时会列出全部")
        parser.add_argument("file", help=".xlsx 或 .csv 文件")
        parser.add_argument("--commit", action="store_true", help="写入可导入的行")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--programme", type=int, metavar="YEAR", help="结对属于哪一年的工作方案；默认看表中的日期")
        parser.add_argument("--reason", metavar="TEXT", help="考核成绩计算后补录测评、否决事项的原因")
        parser.add_argument("--sheet", action="append", metavar="NAME", help="只读这个工作表，可重复；默认除汇总和隐藏的以外")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._handle(options)
        except (Refused, SheetRefused, actions.ImportRefused) as refusal:
            if options["json"]:
                self.stdout.write(_json({"error": {"code": refusal.code, "message": refusal.message}}))
            self.stderr.write(refusal.message)
            sys.exit(1)
        except storage.StorageFull as problem:
            self.stderr.write(str(problem))
            sys.exit(1)

    def _handle(self, options: dict[str, Any]) -> None:
        tenant, kind, path = _tenant(options["tenant"]), _kind(options["kind"]), _path(options["file"])
        chosen: dict[str, Any] = {}
        if options["programme"]:
            chosen["year"] = options["programme"]
        if options["reason"]:
            chosen["reason"] = options["reason"][:200]
        if options["sheet"]:
            chosen["sheets"] = options["sheet"]
        found = _look(tenant, kind, path, chosen)
        written = _commit(tenant, kind, path, chosen) if options["commit"] and found.summary["ok"] else None
        if options["json"]:
            summary = {name: found.summary[name] for name in ("ok", "question", "error")}
            self.stdout.write(_json({"summary": summary, "rows": [row_for_programs(**_kept(row)) for row in found.rows]}))
        else:
            self._tell(found, options["commit"], written)

    def _tell(self, found: Evaluation, commit: bool, written: dict[str, Any] | None) -> None:
        summary = found.summary
        lines = [f"{found.kind.label}：可导入 {summary['ok']} 行，有疑问 {summary['question']} 行，错误 {summary['error']} 行。"]
        if summary["ok"]:
            lines.append(f"其中新增 {summary['add']}，变更 {summary['change']}，不变 {summary['same']}。")
        lines += found.information
        lines += _noticed(found.sheets)
        left = [row for row in found.rows if not row.is_ok]
        for row in left[:MOST_SHOWN]:
            reason = reason_of([told(problem) for problem in row.reading.problems], row.status)
            lines.append(f"  {row.reading.sheet} 第 {row.reading.row} 行 {WORDS[row.status]}：{reason}")
        if len(left) > MOST_SHOWN:
            lines.append(f"  ……另有 {len(left) - MOST_SHOWN} 行，加 --json 可看全部。")
        if not commit:
            lines.append("没有写入任何内容；确认无误后加 --commit 写入。")
        elif written is None:
            lines.append("没有可导入的行，没有写入任何内容。")
        else:
            lines.append(f"已写入：新增 {written['added']} 条，更改 {written['changed']} 条；留下 {len(left)} 行未导入。")
        self.stdout.write("\n".join(lines))


def _noticed(sheets: list[dict[str, Any]]) -> Iterable[str]:
    reasons = {"summary": "是汇总表", "hidden": "是隐藏的", "empty": "是空的"}
    for sheet in sheets:
        if not sheet["on"] and sheet["off_reason"] in ("summary", "hidden"):
            yield f"工作表“{sheet['name']}”{reasons[sheet['off_reason']]}，没有读取；需要时用 --sheet 指定。"
        if sheet["problem"]:
            yield f"工作表“{sheet['name']}”没有读取：{sheet['problem']}"
        yield from (f"工作表“{sheet['name']}”：{note}" for note in sheet["notes"])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _kept(row: Any) -> dict[str, Any]:
    problems = [told(problem) for problem in row.reading.problems]
    return {
        "sheet": row.reading.sheet,
        "row": row.reading.row,
        "status": row.status,
        "values": row.values,
        "problems": problems,
        "effect": row.effect if row.is_ok else "",
    }


def _tenant(name: str) -> Tenant:
    by = {"division_id": name} if name.isdigit() else {"slug": name}
    tenant = Tenant.objects.filter(is_active=True, **by).first()
    if tenant is None:
        raise Refused("unknown_tenant", f"没有“{name}”这个县。请写地址名或六位区划代码；先用 manage.py new_county 建立。")
    return tenant


def _kind(name: str) -> registry.ImportKind:
    kind = registry.find(name)
    if kind is None:
        known = "、".join(f"{kind.code}（{kind.sheet.title}）" for kind in registry.kinds())
        raise Refused("unknown_kind", f"没有“{name}”这种台账。可用的有：{known}。")
    return kind


def _path(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise Refused("no_file", f"找不到文件 {name}。请检查路径。")
    return path


def _look(tenant: Tenant, kind: registry.ImportKind, path: Path, options: dict[str, Any]) -> Evaluation:
    """What the file gives, with nothing written."""
    import hashlib

    workbook = read_file(path, path.name)
    there = [sheet.name for sheet in workbook.sheets]
    absent = [name for name in options.get("sheets", ()) if name not in there]
    if absent:
        raise Refused("unknown_sheet", f"文件里没有工作表“{'”、“'.join(absent)}”。有：{'、'.join(there)}。")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    with tenant_scope(tenant, actor=ACTOR):
        return evaluate(workbook, kind, tenant=tenant, sha256=sha256, today=timezone.localdate(), options=options)


def _commit(tenant: Tenant, kind: registry.ImportKind, path: Path, options: dict[str, Any]) -> dict[str, Any]:
    """As an import of its own, so that it can be looked at and undone on the page."""
    with tenant_scope(tenant, actor=ACTOR), transaction.atomic(), path.open("rb") as file:
        chunks = iter(lambda: file.read(1024 * 1024), b"")
        batch = actions.begin_import(kind=kind, file_name=path.name, chunks=chunks, options=options, actor=ACTOR, wait=True)
        actions.commit_import(batch=batch, actor=ACTOR, wait=True)
        summary: dict[str, Any] = batch.summary
        return summary
