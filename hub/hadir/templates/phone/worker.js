// Keeps the phone pages for the day without network. Written for one version of the hub's files.

const FILES = {{ files|tojson }};
const SHELL = {{ shell|tojson }};
const OFFLINE = {{ offline|tojson }};
const MONTH = {{ month|tojson }};
const KEPT = {{ ("hadir-shell-" ~ version)|tojson }};
const OWN = "hadir-own";
const ANSWER_WITHIN_MS = 6000;

self.addEventListener("install", (event) => {
  const fresh = [...FILES, SHELL, OFFLINE].map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("hadir-shell-") && name !== KEPT);
  await Promise.all(older.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname, search } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (FILES.includes(pathname) || pathname === SHELL) event.respondWith(kept(event.request, pathname));
  else if (mode === "navigate") event.respondWith(page(event.request, pathname === MONTH && search === ""));
});

async function kept(request, pathname) {
  return (await caches.match(pathname)) ?? fetch(request);
}

async function page(request, isOwnMonth) {
  try {
    // Telephones of before 2022 know no such signal; they wait for the browser's own patience.
    const signal = AbortSignal.timeout?.(ANSWER_WITHIN_MS);
    const answer = await fetch(request, signal ? { signal } : undefined);
    if (isOwnMonth && answer.ok) await (await caches.open(OWN)).put(MONTH, answer.clone());
    return answer;
  } catch {
    return (isOwnMonth && (await caches.match(MONTH))) || caches.match(OFFLINE);
  }
}
