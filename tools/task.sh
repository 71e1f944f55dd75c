#!/bin/sh
# The first step of every make target: find a Python that is new enough, then go on in it.
# Plain sh, because this is the one file that must work where nothing is installed.
cd "$(dirname "$0")/.." || exit 1

for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        exec "$candidate" -m tools.task "$@"
    fi
done

if command -v "${PYTHON:-python3}" >/dev/null 2>&1; then
    found=$("${PYTHON:-python3}" -c 'import sys; sys.stdout.write("%d.%d" % sys.version_info[:2])' 2>/dev/null)
    echo "需要 Python 3.11 或更新的版本,而这里的 ${PYTHON:-python3} 是 ${found:-无法运行的}:请安装新版本,或用 PYTHON=python3.12 make run 指定。" >&2
else
    echo "没有找到 Python:请先安装 Python 3.11 或更新的版本(Debian:apt-get install python3),然后重新运行。" >&2
fi
exit 1
