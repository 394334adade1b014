// The list of cameras: rows that change are put in place as the hub says so, ages count on.
import { refreshAges, setHubTime, startAges } from "./age.js";

const body = document.getElementById("baris");
const lost = document.getElementById("terputus");
const STALE_AFTER_MS = 12000;
let heardAt = performance.now();

startAges();
if (body) {
  listen();
  setInterval(() => { lost.hidden = performance.now() - heardAt < STALE_AFTER_MS; }, 2000);
}

function listen() {
  const stream = new EventSource(body.dataset.stream);
  stream.addEventListener("status", (event) => {
    heardAt = performance.now();
    const told = JSON.parse(event.data);
    setHubTime(told.at);
    if (told.order) put(told);
  });
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  });
  stream.addEventListener("ended", () => {
    stream.close();
    location.reload();
  });
}

function put({ rows, order, sum }) {
  for (const [id, html] of Object.entries(rows)) {
    const made = parse(html);
    const old = document.getElementById(id);
    // A person may be on a link of the row: the focus stays where it was.
    const held = old && old.contains(document.activeElement) ? [...old.querySelectorAll("a")].indexOf(document.activeElement) : -1;
    if (old) old.replaceWith(made);
    else body.append(made);
    if (held >= 0) made.querySelectorAll("a")[held]?.focus();
  }
  const wanted = new Set(order);
  for (const row of [...body.children]) if (!wanted.has(row.id)) row.remove();
  order.forEach((id, place) => {
    const row = document.getElementById(id);
    if (row && body.children[place] !== row) body.insertBefore(row, body.children[place] ?? null);
  });
  document.getElementById("ringkasan").innerHTML = sum;
  refreshAges(body);
}

function parse(html) {
  const shell = document.createElement("template");
  shell.innerHTML = html;
  return shell.content.firstElementChild;
}
