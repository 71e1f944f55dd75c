// Draws a board's charts from the figures in the page. The tables below hold the same and stay as they are where this does not run.

const echarts = window.echarts;
const told = JSON.parse(document.getElementById("board-charts")?.textContent ?? "null");
const style = getComputedStyle(document.documentElement);
const tone = (name) => style.getPropertyValue(name).trim();
const TONES = { done: "#4d8a66", waiting: "#6f6bb5", going: "#c3c8cf", overdue: "#b0413e" };
const RULES = ["#1f4e8c", "#a6192e", "#1d6537", "#7c4a03", "#44409a", "#53585f", "#0f766e", "#9a4a86"];
const MARKS = ["circle", "rect", "triangle", "diamond", "roundRect", "pin", "arrow", "emptyCircle"];

function text() {
  const size = parseFloat(style.fontSize) || 16;
  return { fontFamily: tone("--fonts"), fontSize: Math.max(12, Math.round(size * 0.8125)), color: tone("--ink") };
}

// A tooltip drawn on the canvas: one of HTML would carry styles that the page's policy refuses.
function tooltip(more) {
  return { renderMode: "richText", confine: true, textStyle: text(), backgroundColor: tone("--paper"), borderColor: tone("--line"), ...more };
}

function trends({ months, lines }) {
  const last = Math.max(...lines.map((line) => line.shares.reduce((found, share, place) => (share === null ? found : place), -1)));
  return {
    height: 360,
    option: {
      legend: { type: "scroll", top: 0, textStyle: text(), pageTextStyle: text() },
      grid: { left: 8, right: 16, top: 48, bottom: 8, containLabel: true },
      tooltip: tooltip({ trigger: "axis", valueFormatter: (value) => (value === undefined || value === null ? "—" : `${value}%`) }),
      xAxis: { type: "category", data: months, axisLabel: { ...text(), color: tone("--quiet") }, axisLine: { lineStyle: { color: tone("--line-strong") } }, axisTick: { show: false } },
      yAxis: { type: "value", min: 0, max: 100, axisLabel: { ...text(), color: tone("--quiet"), formatter: "{value}%" }, splitLine: { lineStyle: { color: tone("--line") } } },
      series: lines.map((line, n) => ({
        name: line.name, type: "line", data: line.shares.slice(0, last + 1), connectNulls: true,
        symbol: MARKS[n % MARKS.length], symbolSize: 8, lineStyle: { width: 2 }, color: RULES[n % RULES.length],
      })),
    },
    url: (event) => lines[event.seriesIndex]?.urls[event.dataIndex],
  };
}

function towns({ names, parts }) {
  return {
    height: 64 + 30 * names.length,
    option: {
      legend: { top: 0, left: 0, textStyle: text() },
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      tooltip: tooltip({ trigger: "axis", axisPointer: { type: "shadow" } }),
      xAxis: { type: "value", minInterval: 1, axisLabel: { ...text(), color: tone("--quiet") }, splitLine: { lineStyle: { color: tone("--line") } } },
      yAxis: { type: "category", inverse: true, data: names, axisLabel: { ...text(), interval: 0 }, axisLine: { lineStyle: { color: tone("--line-strong") } }, axisTick: { show: false } },
      series: parts.map((part) => ({ name: part.name, type: "bar", stack: "all", barMaxWidth: 18, data: part.values, color: TONES[part.code] })),
    },
    url: (event) => parts[event.seriesIndex]?.urls[event.dataIndex],
  };
}

const drawn = [];
for (const box of document.querySelectorAll("[data-chart]")) {
  const made = { trends, towns }[box.dataset.chart]?.(told[box.dataset.chart]);
  if (!echarts || !made) continue;
  box.hidden = false;
  const height = made.height;
  const chart = echarts.init(box, null, { height });
  chart.setOption({ animation: false, textStyle: text(), ...made.option });
  chart.on("click", (event) => { const url = made.url(event); if (url) location.assign(url); });
  drawn.push({ chart, height });
  const table = box.parentElement.querySelector("[data-chart-table]");
  if (table) table.open = false;
}
addEventListener("resize", () => drawn.forEach(({ chart, height }) => chart.resize({ height })));
// On paper tables stand for charts.
addEventListener("beforeprint", () => document.querySelectorAll("[data-chart-table]").forEach((table) => { table.open = true; }));
