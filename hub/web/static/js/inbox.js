// Rows of a list by keyboard: j and k go on and back, Enter is the link's own, / goes to the search.

const rows = [...document.querySelectorAll("[data-rows] [data-row]")];

/** @param {KeyboardEvent} event */
function isTyping(event) {
  const there = event.target;
  return there instanceof HTMLElement && there.closest("input, select, textarea, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (event.key === "/") {
    document.querySelector('[role="search"] input')?.focus();
    event.preventDefault();
    return;
  }
  const step = { j: 1, k: -1 }[event.key];
  if (!step || rows.length === 0) return;
  const here = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  next.focus();
  next.closest("li")?.scrollIntoView({ block: "nearest" });
  event.preventDefault();
});
