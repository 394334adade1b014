// Charts of one camera over a range, each drawn from the very table below it; in print with dark ink on white.

import { startAges } from "./age.js";

const SHADES = ["--accent", "--warn", "--good", "--bad", "--soft"];
// For paper: the tokens of the light colours, whatever the screen wears.
const INK = { "--accent": "#0b665b", "--warn": "#7d5200", "--good": "#156b3b", "--bad": "#ad221b", "--soft": "#4b5c59", "--line": "#d3dddb" };
const DASHES = [[], [8, 4], [2, 3], [10, 4, 2, 4]];
const HEIGHT_PX = 220;
const zone = "Asia/Pontianak";
const clock = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: zone });
const date = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "id-ID", { day: "numeric", month: "short", timeZone: zone });

const plain = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en-GB" : "id-ID");

const screenColour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function numbersOf(table, count) {
  const rows = [...table.tBodies[0].rows].reverse();
  const column = (place) => rows.map((row) => {
    const value = row.cells[place + 1].dataset.value;
    return value === undefined ? null : Number(value);
  });
  return [rows.map((row) => Number(row.dataset.at)), ...Array.from({ length: count }, (_, place) => column(place))];
}

function rangeOf(holder) {
  if (holder.dataset.top) return () => [0, Number(holder.dataset.top)];
  if (holder.dataset.range === "zero") return (_, low, high) => [0, Math.max(high * 1.1, 1)];
  return (_, low, high) => [low - Math.max(0.1, (high - low) / 5), high + Math.max(0.1, (high - low) / 5)];
}

function marksOf(holder, times) {
  const isLong = holder.dataset.step === "day" || times.at(-1) - times[0] > 36 * 3600;
  return (_, marks) => marks.map((mark) => (isLong ? date : clock).format(mark * 1000));
}

function draw(holder, colour) {
  const table = document.getElementById(holder.dataset.trafficChart);
  const names = [...table.tHead.rows[0].querySelectorAll("[data-name]")].map((cell) => cell.dataset.name);
  const data = numbersOf(table, names.length);
  const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const options = {
    width: holder.clientWidth, height: HEIGHT_PX, cursor: { show: false }, legend: { show: true, live: false },
    tzDate: (seconds) => window.uPlot.tzDate(new Date(seconds * 1000), zone),
    scales: { x: { time: true }, y: { range: rangeOf(holder) } },
    axes: [{ ...axis, values: marksOf(holder, data[0]) }, { ...axis, size: 56, values: (_, marks) => marks.map((mark) => plain.format(mark)) }],
    // Lines differ by their dashes too: paper may have no colours.
    series: [{}, ...names.map((name, place) => ({
      label: name, stroke: colour(SHADES[place % SHADES.length]), width: 2, dash: DASHES[Math.floor(place / 2) % DASHES.length],
      points: { show: data[0].length < 60, size: 4 },
    }))],
  };
  holder.replaceChildren();
  return new window.uPlot(options, data, holder);
}

const holders = [...document.querySelectorAll("[data-traffic-chart]")];
let charts = holders.map((holder) => draw(holder, screenColour));
new ResizeObserver(() => charts.forEach((chart, place) => chart.setSize({ width: holders[place].clientWidth, height: HEIGHT_PX }))).observe(document.body);

function drawAnew(colour) {
  for (const chart of charts) chart.destroy();
  charts = holders.map((holder) => draw(holder, colour));
}
addEventListener("beforeprint", () => drawAnew((name) => INK[name]));
addEventListener("afterprint", () => drawAnew(screenColour));
startAges();
