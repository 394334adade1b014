// Hears that the map changed, fetches what is on it now, and says so when nothing is heard.

const STALE_AFTER_MS = 10_000;
const live = document.getElementById("live");
let heardAt = performance.now();
let shown = null;
let isFetching = false;

function show(state) {
  if (live.dataset.state === state) return;
  live.dataset.state = state;
  live.querySelector(".live-text").textContent = live.getAttribute(`data-text-${state}`);
}

async function fetchContent(address, version, take) {
  if (isFetching) return;
  isFetching = true;
  try {
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok) return;
    take(await answer.text());
    shown = version;
  } catch {
    // Tried again with the next message; the dot tells when none comes.
  } finally {
    isFetching = false;
  }
}

/** Call `take` with the page's changing part, each time that it changed. */
export function listen(address, take) {
  const source = new EventSource("/peta/aliran");
  source.addEventListener("map", (event) => {
    heardAt = performance.now();
    show("live");
    const { version } = JSON.parse(event.data);
    if (shown === null) shown = version; // the page was drawn just now
    else if (version !== shown) fetchContent(address, version, take);
  });
  source.addEventListener("ended", () => {
    source.close();
    show("ended");
  });
  // A refused stream (an ended session) is not tried again by the browser itself.
  source.addEventListener("error", async () => {
    if (source.readyState !== EventSource.CLOSED) return;
    const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
    if (answer && !answer.ok) show("ended");
    else setTimeout(() => listen(address, take), 3000);
  });
}

setInterval(() => {
  if (live.dataset.state === "live" && performance.now() - heardAt > STALE_AFTER_MS) show("stale");
}, 1000);
