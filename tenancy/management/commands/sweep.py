"""``manage.py sweep``: the housekeeping, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tenancy.sweeping import sweep_all


class Command(BaseCommand):
    """The same that the scheduler does each hour; running it again changes nothing."""

    help = "清理过期会话、旧的登录失败记录、无主的导入文件和中断的任务。"

    def handle(self, *args: Any, **options: Any) -> None:
        counts = sweep_all(now=timezone.now())
        done = "、".join(f"{name} {n}" for name, n in counts.items() if n)
        self.stdout.write(f"清理完毕：{done}。" if done else "清理完毕：没有需要清理的内容。")
