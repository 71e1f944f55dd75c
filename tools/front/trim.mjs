// Trims Tabler's style sheet to what the product uses and rewrites it for browsers of 2020 and later.
//
//   node trim.mjs TABLER_CSS USED SAFELIST OWN_CSS OUT_DIR CLASS_LIST
//
// Tabler 1.6 writes colours as oklch(), color-mix() and light-dark(). A five-year-old phone knows none of them and would show
// a page without colours, so they are worked out here, for the light theme, with the brand of app.css as the primary colour.
// Pictures inside the style sheet become files: the content security policy allows no data: address.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import postcss from "postcss";
import selectorParser from "postcss-selector-parser";
import valueParser from "postcss-value-parser";

const [source, usedFile, safelistFile, ownFile, outDir, classList] = process.argv.slice(2);
const text = readFileSync(source, "utf8");
const lines = (file) => readFileSync(file, "utf8").split("\n").map((l) => l.trim()).filter((l) => l && !l.startsWith("#"));
const used = new Set(lines(usedFile));
const safe = lines(safelistFile).map((l) => new RegExp(`^(?:${l})$`));
const keepClass = (name) => used.has(name) || safe.some((re) => re.test(name));
const root = postcss.parse(text);
const own = postcss.parse(readFileSync(ownFile, "utf8"));

// 1. The list of all class names, for the test that needs no npm.
const all = new Set();
root.walkRules((rule) => {
  if (rule.parent.type === "atrule" && /keyframes/.test(rule.parent.name)) return;
  selectorParser((tree) => tree.walkClasses((node) => all.add(node.value))).processSync(rule.selector);
});
writeFileSync(classList, [...all].sort().join("\n") + "\n");

// 2. Selectors that nothing can match here, or that an old browser would stumble over.
root.walkComments((node) => node.remove());
root.walkAtRules((rule) => {
  if (rule.name === "media" && /prefers-color-scheme:\s*dark/.test(rule.params)) rule.remove();
  if (rule.name === "charset") rule.remove();
});
root.walkRules((rule) => {
  if (rule.parent.type === "atrule" && /keyframes/.test(rule.parent.name)) return;
  const kept = [];
  selectorParser((tree) => {
    tree.each((selector) => {
      let keep = !/data-bs-|data-vc|data-theme|data-tblr-|\[dir=|theme-dark|:has\(|:is\(|popover|::-webkit-calendar|scrollbar/.test(String(selector));
      selector.walkClasses((node) => {
        let inNot = false;
        for (let up = node.parent; up; up = up.parent) if (up.type === "pseudo" && up.value === ":not") inNot = true;
        if (!inNot && !keepClass(node.value)) keep = false;
      });
      if (keep) kept.push(String(selector).trim());
    });
  }).processSync(rule.selector);
  if (kept.length) rule.selector = kept.join(",");
  else rule.remove();
});

// 3. Colours. Constants of :root, ours first.
const constants = new Map();
root.walkRules(/(^|,)\s*:root/, (rule) => rule.walkDecls(/^--/, (d) => constants.set(d.prop, d.value)));
const brand = new Map();
own.walkRules(":root", (rule) => rule.walkDecls(/^--/, (d) => brand.set(d.prop, d.value)));
const ours = {
  "--tblr-primary": "--brand", "--tblr-primary-darken": "--brand-hover", "--tblr-body-color": "--ink", "--tblr-body-bg": "--ground",
  "--tblr-secondary": "--quiet", "--tblr-secondary-color": "--quiet", "--tblr-muted": "--quiet", "--tblr-border-color": "--line",
  "--tblr-link-color": "--link", "--tblr-link-hover-color": "--link-hover", "--tblr-bg-surface": "--paper", "--tblr-card-bg": "--paper",
  "--tblr-success": "--green-ink", "--tblr-danger": "--red-ink", "--tblr-warning": "--amber-ink", "--tblr-info": "--blue-ink",
};
for (const [theirs, mine] of Object.entries(ours)) constants.set(theirs, brand.get(mine));

const clamp = (x) => Math.min(1, Math.max(0, x));
const toSrgb = (x) => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
const toLinear = (x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
function fromOklab([L, a, b]) {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((x) => clamp(toSrgb(clamp(x))));
}
function toOklab(rgb) {
  const [r, g, b] = rgb.map(toLinear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
const hex = ([r, g, b, a = 1]) => {
  const byte = (x) => Math.round(x * 255).toString(16).padStart(2, "0");
  if (a >= 0.9995) return `#${byte(r)}${byte(g)}${byte(b)}`;
  return `rgba(${Math.round(r * 255)},${Math.round(g * 255)},${Math.round(b * 255)},${+a.toFixed(3)})`;
};
const number = (s) => (s.endsWith("%") ? parseFloat(s) / 100 : parseFloat(s));

// A colour as [r, g, b, alpha] with parts from 0 to 1, or null when it cannot be known before the page is drawn.
function colour(value, scope, depth = 0) {
  value = value.trim();
  if (depth > 12) return null;
  if (value === "transparent") return [0, 0, 0, 0];
  if (value === "white") return [1, 1, 1, 1];
  if (value === "black") return [0, 0, 0, 1];
  let match = /^#([0-9a-f]{3,8})$/i.exec(value);
  if (match) {
    let digits = match[1];
    if (digits.length < 5) digits = [...digits].map((c) => c + c).join("");
    const parts = digits.match(/../g).map((p) => parseInt(p, 16) / 255);
    return [parts[0], parts[1], parts[2], parts[3] ?? 1];
  }
  const node = valueParser(value).nodes;
  if (node.length !== 1 || node[0].type !== "function") return null;
  const call = node[0];
  const inner = valueParser.stringify(call.nodes);
  if (call.value === "var") {
    const [name, ...fallback] = inner.split(",");
    const known = scope.get(name.trim()) ?? constants.get(name.trim()) ?? (fallback.length ? fallback.join(",") : null);
    return known == null ? null : colour(known, scope, depth + 1);
  }
  if (call.value === "light-dark") return colour(topArgs(call)[0], scope, depth + 1);
  if (call.value === "rgb" || call.value === "rgba") {
    const parts = inner.split(/[\s,/]+/).filter(Boolean);
    if (parts.length < 3 || parts.some((p) => Number.isNaN(parseFloat(p)))) return null;
    return [...parts.slice(0, 3).map((p) => (p.endsWith("%") ? number(p) : parseFloat(p) / 255)), parts[3] ? number(parts[3]) : 1];
  }
  if (call.value === "oklch") {
    match = /^from\s+(var\([^)]*\))\s+calc\(l\s*([+-])\s*([\d.]+)\)\s+c\s+h$/.exec(inner.trim());
    if (match) {
      const base = colour(match[1], scope, depth + 1);
      if (!base) return null;
      const lab = toOklab(base.slice(0, 3));
      return [...fromOklab([lab[0] + (match[2] === "+" ? 1 : -1) * parseFloat(match[3]), lab[1], lab[2]]), base[3]];
    }
    const parts = inner.split(/[\s/]+/).filter(Boolean);
    if (parts.length < 3 || parts.some((p) => Number.isNaN(parseFloat(p)))) return null;
    const [L, c, h] = [number(parts[0]), parseFloat(parts[1]), (parseFloat(parts[2]) * Math.PI) / 180];
    return [...fromOklab([L, c * Math.cos(h), c * Math.sin(h)]), parts[3] ? number(parts[3]) : 1];
  }
  if (call.value === "color-mix") {
    const args = topArgs(call).slice(1).map((arg) => {
      const share = /\s(calc\([^]*\)|var\([^]*\)|[\d.]+%)\s*$/.exec(arg);
      const shareText = share?.[1];
      const isShare = shareText && (/%$/.test(shareText) || /^calc/.test(shareText));
      const part = isShare ? percent(shareText, scope) : undefined;
      return { rgba: colour(isShare ? arg.slice(0, share.index) : arg, scope, depth + 1), part };
    });
    if (args.length !== 2 || args.some((a) => !a.rgba || a.part === null)) return null;
    let [p, q] = args.map((a) => a.part);
    if (p === undefined) p = q === undefined ? 0.5 : 1 - q;
    if (q === undefined) q = 1 - p;
    const [one, two] = args.map((a) => a.rgba);
    const alpha = one[3] * p + two[3] * q;
    if (alpha === 0) return [0, 0, 0, 0];
    const [a, b] = [toOklab(one.slice(0, 3)), toOklab(two.slice(0, 3))];
    return [...fromOklab(a.map((x, i) => (x * one[3] * p + b[i] * two[3] * q) / alpha)), alpha];
  }
  return null;
}
function topArgs(call) {
  const args = [[]];
  for (const node of call.nodes) node.type === "div" && node.value === "," ? args.push([]) : args.at(-1).push(node);
  return args.map((nodes) => valueParser.stringify(nodes).trim());
}
function percent(value, scope) {
  if (/^[\d.]+%$/.test(value)) return parseFloat(value) / 100;
  const filled = value.replace(/var\((--[\w-]+)(?:,\s*([\d.]+))?\)/g, (_, name, other) => scope.get(name) ?? constants.get(name) ?? other ?? "?");
  const match = /^calc\(([\d.]+)\s*\*\s*100%\)$/.exec(filled);
  return match ? parseFloat(match[1]) : null;
}
const modern = /oklch\(|color-mix\(|light-dark\(/;
function flatten(value, scope) {
  const tree = valueParser(value);
  let failed = false;
  tree.walk((node) => {
    if (node.type !== "function") return undefined;
    if (node.value === "light-dark") {
      const light = topArgs(node)[0];
      const known = modern.test(light) ? colour(light, scope) : null;
      if (modern.test(light) && !known) failed = true;
      Object.assign(node, { type: "word", value: known ? hex(known) : light, nodes: undefined });
      return false;
    }
    if (node.value === "oklch" || node.value === "color-mix") {
      const known = colour(valueParser.stringify(node), scope);
      if (known) Object.assign(node, { type: "word", value: hex(known), nodes: undefined });
      else failed = true;
      return false;
    }
    return undefined;
  });
  return failed ? null : tree.toString();
}
const dropped = [];
root.walkRules((rule) => {
  const scope = new Map();
  rule.walkDecls(/^--/, (d) => scope.set(d.prop, d.value));
  const isRoot = /(^|,)\s*:root/.test(rule.selector);
  rule.walkDecls((d) => {
    if (isRoot && ours[d.prop]) d.value = constants.get(d.prop);
    if (!modern.test(d.value)) return;
    const value = flatten(d.value, isRoot ? constants : scope);
    if (value === null) {
      dropped.push(`${rule.selector} { ${d.prop}: ${d.value} }`);
      d.remove();
    } else d.value = value;
  });
});

// 4. Pictures become files, named by content.
rmSync(join(outDir, "img"), { recursive: true, force: true });
mkdirSync(join(outDir, "img"), { recursive: true });
const picture = /url\((["'])data:image\/svg\+xml,([^]*?)\1\)/g;
const pictures = () => root.walkDecls((d) => {
  d.value = d.value.replace(picture, (_, __, body) => {
    const svg = decodeURIComponent(body)
      .replace(/oklch\([^)]*\)/g, (c) => hex(colour(c, new Map()) ?? [0, 0, 0, 1]))
      .replace(/currentColor/g, brand.get("--ink"));
    const name = createHash("sha256").update(svg).digest("hex").slice(0, 10) + ".svg";
    writeFileSync(join(outDir, "img", name), svg + "\n");
    return `url("img/${name}")`;
  });
});

// 5. Variables, animations and rules that nothing needs any more.
const ownText = own.toString();
for (let changed = true; changed; ) {
  changed = false;
  const needed = new Set();
  const collect = (value) => { for (const m of value.matchAll(/var\(\s*(--[\w-]+)/g)) needed.add(m[1]); };
  root.walkDecls((d) => collect(d.value));
  collect(ownText);
  root.walkDecls(/^--/, (d) => { if (!needed.has(d.prop)) { d.remove(); changed = true; } });
  const moves = new Set();
  root.walkDecls(/^(-webkit-)?animation(-name)?$/, (d) => d.value.split(/[\s,]+/).forEach((w) => moves.add(w)));
  root.walkAtRules(/keyframes$/, (rule) => { if (!moves.has(rule.params)) { rule.remove(); changed = true; } });
  root.walkRules((rule) => { if (!rule.nodes.length) { rule.remove(); changed = true; } });
  root.walkAtRules((rule) => { if (rule.nodes && !rule.nodes.length) { rule.remove(); changed = true; } });
}
pictures();

// 6. Neighbouring rules with the same selector or the same body are joined; then written small.
root.walkRules((rule) => {
  const next = rule.next();
  if (next?.type === "rule" && next.selector === rule.selector) { rule.append(next.nodes); next.remove(); }
});
root.walk((node) => {
  node.raws.before = node.type === "decl" ? "" : "\n";
  node.raws.after = "";
  node.raws.semicolon = false;
  if (node.type === "rule" || node.type === "atrule") node.raws.between = "";
  if (node.type === "decl") { node.raws.between = ":"; node.value = node.value.replace(/\s+/g, " "); if (node.important) node.raws.important = "!important"; }
});
const version = /Tabler v([\d.]+)/.exec(text)[1];
const head = `/*! Tabler v${version}, trimmed and rewritten by tools/front/build.sh. Copyright 2018-2026 The Tabler Authors, codecalm.net. MIT, see LICENSE. */`;
writeFileSync(join(outDir, "tabler.css"), head + root.toString().replace(/^\s*/, "\n") + "\n");
for (const line of dropped) process.stderr.write(`left out, colour not known beforehand: ${line}\n`);
