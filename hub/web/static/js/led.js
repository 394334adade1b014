// A market's LED: prices that do not fit the panel come page by page, those beyond their limit first seen.

import "./tiles.js";

const plan = document.getElementById("papan");
let first = 0;

function rows() {
  return [...plan.querySelectorAll(".price-table tbody tr")];
}

// Shows the rows from ``first`` on that fit wholly, and returns where the next page begins.
function fit() {
  const all = rows();
  if (first >= all.length) first = 0;
  const space = plan.getBoundingClientRect();
  for (const [place, row] of all.entries()) row.classList.toggle("is-away", place < first);
  let shown = 0;
  for (const row of all.slice(first)) {
    const fits = shown === 0 || row.getBoundingClientRect().bottom <= space.bottom;
    if (!fits) break;
    shown += 1;
  }
  all.slice(first + shown).forEach((row) => row.classList.add("is-away"));
  return first + shown;
}

let next = fit();
setInterval(() => {
  first = next >= rows().length ? 0 : next;
  next = fit();
}, Number(plan.dataset.turnS) * 1000);
document.addEventListener("papan-baru", () => { next = fit(); });
window.addEventListener("resize", () => { first = 0; next = fit(); });
