// Keeps the city's last data for the time without network. Written for one version of the hub's files.
// What it keeps is fetched without cookies and only if the hub says that it is for everybody: no page of
// anybody's visit can get here. Complaints that wait on the phone it sends as a page would (sending.js).

importScripts({{ sending|tojson }});

const FILES = {{ files|tojson }};
// What is shown without network: the form for complaints in its own place, the last data in all others.
const REPORT = {{ report|tojson }}, KEPT_REPORT = {{ kept_report|tojson }}, LAST = {{ kept|tojson }};
const PAGES = {{ pages|tojson }};
const OURS = "pontive-warga-";
const KEPT = {{ ("pontive-warga-" ~ version)|tojson }};
const HEADER = {{ header|tojson }}, VALUE = {{ value|tojson }};
const ANSWER_WITHIN_MS = 8000, RENEW_AFTER_MS = 60000;
const GATEWAY = [502, 503, 504];

self.addEventListener("install", (event) => event.waitUntil(begin()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder().then(() => self.clients.claim())));

async function begin() {
  const cache = await caches.open(KEPT);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload", credentials: "omit" })));
  await renew();
  await self.skipWaiting();
}

async function forgetOlder() {
  const older = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== KEPT);
  await Promise.all(older.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(file(event.request, pathname));
  else if (mode === "navigate" && isForEverybody(pathname)) event.respondWith(page(event));
});

function isForEverybody(pathname) {
  return pathname === "/" || PAGES.some((page) => pathname === page || pathname.startsWith(`${page}/`));
}

async function file(request, pathname) {
  return (await (await caches.open(KEPT)).match(pathname)) ?? fetch(request);
}

async function page(event) {
  try {
    // Telephones of before 2022 know no such signal; they wait for the browser's own patience.
    const signal = AbortSignal.timeout?.(ANSWER_WITHIN_MS);
    const answer = await fetch(event.request, signal ? { signal } : undefined);
    if (GATEWAY.includes(answer.status)) return (await last(event.request)) ?? answer;
    event.waitUntil(renew().catch(() => {}));
    return answer;
  } catch {
    return (await last(event.request)) ?? Response.error();
  }
}

async function last(request) {
  const isReport = new URL(request.url).pathname === REPORT;
  return (await caches.open(KEPT)).match(isReport ? KEPT_REPORT : LAST);
}

async function renew() {
  await Promise.all([LAST, KEPT_REPORT].map(renewOne));
}

async function renewOne(address) {
  const cache = await caches.open(KEPT);
  const before = await cache.match(address);
  if (before && Date.now() - Date.parse(before.headers.get("Date")) < RENEW_AFTER_MS) return;
  const answer = await fetch(new Request(address, { cache: "no-store", credentials: "omit" }));
  if (!answer.ok || answer.redirected || answer.headers.get(HEADER) !== VALUE) return;
  await cache.put(address, answer);
}

// The browser calls when there is a way to the hub again, also when no page is open.
self.addEventListener("sync", (event) => event.waitUntil(sendWaiting()));

async function sendWaiting() {
  if (await self.pontiveLapor.sendAll()) throw new Error("something still waits: the browser calls again");
}
