// A page without a stream: only its ages go on, and on a phone the tab one is on is in view.
import { startAges } from "./age.js";

startAges();
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
  const row = here.closest("ul");
  if (row) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
