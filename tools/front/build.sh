#!/bin/sh
# Rebuilds the front-end files that are kept ready-made: trimmed Tabler, the list of Tabler's class names, ECharts, axe-core for the tests.
# Needs node 20 and npm; nothing else in the project does. Works in .local/front and leaves no lock file.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work="$root/.local/front"
mkdir -p "$work" "$root/static/vendor/tabler" "$root/tests/front/vendor"
cp "$root/tools/front/package.json" "$root/tools/front/trim.mjs" "$work/"
cd "$work"
npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
python3 "$root/tools/front/classes.py" > used.txt
node trim.mjs node_modules/@tabler/core/dist/css/tabler.css used.txt "$root/tools/front/safelist.txt" \
    "$root/static/css/app.css" "$root/static/vendor/tabler" "$root/tools/front/tabler-classes.txt"
mkdir -p "$root/static/vendor/echarts"
cp node_modules/echarts/dist/echarts.common.min.js node_modules/echarts/LICENSE node_modules/echarts/NOTICE \
    node_modules/echarts/licenses/LICENSE-d3 "$root/static/vendor/echarts/"
cp node_modules/axe-core/axe.min.js "$root/tests/front/vendor/axe.min.js"
cp node_modules/axe-core/LICENSE "$root/tests/front/vendor/axe.LICENSE"
printf 'static/vendor/tabler/tabler.css: %s bytes, %s gzip\n' \
    "$(wc -c < "$root/static/vendor/tabler/tabler.css")" "$(gzip -9c "$root/static/vendor/tabler/tabler.css" | wc -c)"
