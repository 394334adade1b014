// The camera page: ages, and the chart drawn from the very table below it.

import { refreshAges, startAges } from "./age.js";

const colours = ["--accent", "--warn", "--good", "--bad", "--soft"];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// The last column of most tables is a sum, which would dwarf the others.
function columnsOf(table, sums) {
  const rows = [...table.tBodies[0].rows].reverse();
  const times = rows.map((row) => Number(row.dataset.at));
  const count = rows[0].cells.length - 1 - sums;
  const columns = Array.from({ length: count }, (_, place) =>
    rows.map((row) => {
      const value = row.cells[place + 1].dataset.value;
      return value === undefined ? null : Number(value);
    }));
  return [times, ...columns];
}

// Counts and shares begin at zero; a water level is looked at closely.
const ranges = {
  zero: (_, low, high) => [0, Math.max(high * 1.1, 1)],
  share: () => [0, 100],
  close: (_, low, high) => [low - Math.max(0.1, (high - low) / 5), high + Math.max(0.1, (high - low) / 5)],
};

function draw(holder) {
  const table = document.getElementById(holder.dataset.chart);
  const sums = holder.dataset.columns === "all" ? 0 : 1;
  const heads = [...table.tHead.rows[0].cells];
  const names = heads.slice(1, heads.length - sums).map((cell) => cell.firstChild.textContent);
  const english = document.documentElement.lang === "en";
  const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const hours = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", timeZone: "Asia/Pontianak" });
  const options = {
    width: holder.clientWidth, height: 200, cursor: { show: false }, legend: { show: true, live: false },
    scales: { x: { time: true }, y: { range: ranges[holder.dataset.range ?? "zero"] } },
    axes: [
      { ...axis, values: (_, marks) => marks.map((mark) => `${hours.format(mark * 1000)}${english ? ":00" : ".00"}`) },
      { ...axis, size: 52 },
    ],
    series: [{}, ...names.map((name, place) => ({
      label: name, stroke: colour(colours[place % colours.length]), width: 2, points: { show: true, size: 4 },
    }))],
  };
  const chart = new window.uPlot(options, columnsOf(table, sums), holder);
  new ResizeObserver(() => chart.setSize({ width: holder.clientWidth, height: 200 })).observe(holder);
}

startAges();
document.body.addEventListener("htmx:after:swap", () => refreshAges());
for (const holder of document.querySelectorAll("[data-chart]")) draw(holder);
