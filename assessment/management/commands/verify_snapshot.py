"""``manage.py verify_snapshot FILE``: whether an archive is as it was written, and whether its scores follow from it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.archive.reader import verify


class Command(BaseCommand):
    """Needs no database: the same reader that anybody can take from the page of the archive."""

    help = "核验考核归档文件:重新计算摘要、每项数据和得分、总分、等次和优秀比例;有差异时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive as taken from its page")
        parser.add_argument("--sha256", default="", help="the digest that was published")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
        except OSError as problem:
            raise CommandError(f"读不到文件 {options['file']}：{problem.strerror}。") from problem
        found, problems = verify(data, options["sha256"])
        self.stdout.write(f"SHA-256 {found}")
        if problems:
            raise CommandError(f"归档文件核验未通过，共 {len(problems)} 处差异，第一处：\n" + "\n".join(problems))
        self.stdout.write("核验通过：摘要可重算，得分、等次与归档中的数据及其依据的记录一致。")
