#!/bin/sh
# Pin every dependency of pyproject.toml anew: two lists with hashes, one to run, one to develop.
# uv.lock is not committed, for it records the address of the registry that was asked.
set -eu
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
$uv lock --quiet "$@"
common="--quiet --frozen --format requirements-txt --no-header --no-annotate --no-emit-project --extra local"
# shellcheck disable=SC2086
$uv export $common --no-dev --output-file requirements.txt >/dev/null
# shellcheck disable=SC2086
$uv export $common --all-groups --output-file requirements-dev.txt >/dev/null
