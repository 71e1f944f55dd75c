"""What can stop a start, said so that the person at the keyboard knows what to do."""

from __future__ import annotations

import errno
import re
from pathlib import Path


class Problem(Exception):
    """One whole sentence in Chinese that names the remedy. Shown without a traceback; the exit code is 1."""


NO_SPACE = re.compile(r"No space left on device|Errno 28|Disk quota exceeded", re.IGNORECASE)


def disk_full(place: Path) -> Problem:
    return Problem(f"磁盘已满:请在 {place} 所在的磁盘上腾出至少 500 MB 空间,然后重新运行。")


def from_os_error(error: OSError, place: Path) -> Problem:
    """The sentence for what the operating system refused at ``place``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(place)
    where = error.filename or place
    if error.errno == errno.EROFS:
        return Problem(f"{where} 所在的磁盘是只读的:请换一个可以写入的目录再运行。")
    if isinstance(error, PermissionError):
        return Problem(f"没有权限读写 {where}:请用创建它的那个用户来运行,或把它删除后重新运行。")
    return Problem(f"系统拒绝了对 {where} 的操作({error.strerror}):请检查这个目录后重新运行。")
