// A screen that nobody sits at: its tiles are kept new, and boards take turns. A board whose turn it
// is comes only when the hub gave it: while the hub is away, what is shown stays and says how old it is.

import { ask } from "./tiles.js";

const plan = document.getElementById("papan");
const pages = Number(plan.dataset.pages);
const address = new URL(plan.dataset.from, location.href);
let page = Number(address.searchParams.get("hal"));

async function turn() {
  const next = (page % pages) + 1;
  address.searchParams.set("hal", String(next));
  if (!(await ask(address.pathname + address.search))) return;
  page = next;
  if (plan.dataset.title) document.getElementById("judul").textContent = plan.dataset.title;
}

if (pages > 1) setInterval(turn, Number(plan.dataset.turnS) * 1000);
