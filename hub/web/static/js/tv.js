// Screens that nobody sits at: pages in turn, each for its time; any key holds them, P goes on.

const ADDRESSES = {
  dinding: "/dinding", peta: "/peta", alarm: "/alarm", papan: "/", kamera: "/cctv", "lalu-lintas": "/lalu-lintas",
};
const query = new URLSearchParams(location.search);
const wanted = (query.get("urutan") ?? "").split(",").filter((name) => ADDRESSES[name]);
const seconds = Math.min(600, Math.max(5, Number.parseInt(query.get("putar") ?? "20", 10) || 20));
let isHeld = false;
let left = seconds;

function addressOf(name) {
  const next = new URLSearchParams({ tv: "1", putar: `${seconds}s`, urutan: wanted.join(",") });
  return `${ADDRESSES[name]}?${next}`;
}

// A page that this screen may not see is passed over.
async function go() {
  const here = wanted.findIndex((name) => ADDRESSES[name] === location.pathname);
  for (let step = 1; step <= wanted.length; step += 1) {
    const address = addressOf(wanted[(here + step) % wanted.length]);
    const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) {
      location.assign(address);
      return;
    }
  }
  left = seconds; // the hub is away: what is shown stays, and says itself how old it is
}

if (wanted.length > 1) {
  // A wall shows all of its own pages first.
  const pages = Number(document.getElementById("wall-page")?.textContent.split("/")[1] ?? 1);
  left = seconds * pages;
  document.addEventListener("keydown", (event) => { isHeld = event.key === "p" ? !isHeld : true; });
  setInterval(() => {
    if (isHeld) return;
    left -= 1;
    if (left === 0) go();
  }, 1000);
}
