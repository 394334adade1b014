// Complaints that wait on this phone for a way to the hub: kept whole, with their photos, and sent once, by
// whoever finds the way first: an open page, or the worker when the page was closed. Pages and the worker
// load the same file, so it exports nothing, and it must never touch a page.
//
// Once: each carries the token that the phone made for it, and the hub files one complaint a token, however
// often it arrives. What was filed is forgotten here but for its tracking code.

self.pontiveLapor = (() => {
  const NAME = "pontive-lapor", TABLE = "waiting";
  const FORM = "/lapor", KEY = "/lapor/kunci", RECEIPT = "/tanda-terima/";
  const KEY_WITHIN_MS = 8000;
  // The hub remembers tokens longer (hub/cases/asking/once.py); older ones somebody must look at.
  const SENT_FOR_MS = 30 * 24 * 3600 * 1000;
  const MOST_SENT = 5;

  function opened() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "token" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function run(mode, act) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(TABLE, mode);
        const request = act(transaction.objectStore(TABLE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const write = (one) => run("readwrite", (table) => table.put(one));
  const remove = (token) => run("readwrite", (table) => table.delete(token));
  const all = async () => (await run("readonly", (table) => table.getAll())).sort((a, b) => a.at - b.at);

  function newToken() {
    const bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  }

  /** Keep a form as it is filled in; return when it is safe. */
  async function keep(form) {
    const fields = [], files = [];
    for (const [name, value] of new FormData(form)) {
      if (value instanceof File) {
        if (value.size) files.push({ name, value });
      } else if (!["csrf_token", "kiriman", "tetap"].includes(name)) fields.push([name, value]);
    }
    const token = form.elements.kiriman.value || newToken();
    await write({ token, fields, files, at: Date.now(), state: "waiting", code: "" });
    return token;
  }

  /** Return the key that a form needs; nothing: there is no way to the hub. */
  async function key() {
    const signal = AbortSignal.timeout?.(KEY_WITHIN_MS);
    try {
      const answer = await fetch(KEY, { cache: "no-store", credentials: "same-origin", signal });
      return answer.ok ? (await answer.json()).csrf_token : "";
    } catch {
      return "";
    }
  }

  async function send(one) {
    const word = await key();
    if (!word) return "waiting";
    const body = new FormData();
    for (const [name, value] of one.fields) body.append(name, value);
    for (const { name, value } of one.files) body.append(name, value, value.name);
    body.set("csrf_token", word);
    body.set("kiriman", one.token);
    // Nobody is there to be asked whether it is the same as another: officers join those.
    body.set("tetap", "ya");
    const answer = await fetch(FORM, { method: "POST", body, credentials: "same-origin" });
    const { pathname } = new URL(answer.url);
    if (pathname.startsWith(RECEIPT)) {
      one.code = decodeURIComponent(pathname.slice(RECEIPT.length));
      return "sent";
    }
    return [413, 422].includes(answer.status) ? "wrong" : "waiting";
  }

  async function turn(one) {
    if (one.state !== "waiting") return;
    if (Date.now() - one.at > SENT_FOR_MS) {
      await write({ ...one, state: "wrong" });
      return;
    }
    try {
      const state = await send(one);
      if (state === "sent") await write({ ...one, fields: [], files: [], state });
      else if (state === "wrong") await write({ ...one, state });
    } catch (error) {
      // The way was lost on the way: it stays, and the next turn asks the hub again.
      console.info(String(error));
    }
  }

  async function everyTurn() {
    const found = await all();
    for (const one of found) await turn(one);
    const sent = (await all()).filter((one) => one.state === "sent");
    for (const one of sent.slice(0, -MOST_SENT)) await remove(one.token);
    return (await all()).some((one) => one.state === "waiting");
  }

  /** Send what waits; return whether something still does. Two at a time do no harm, only work twice. */
  function sendAll() {
    return navigator.locks ? navigator.locks.request(NAME, everyTurn) : everyTurn();
  }

  return { all, keep, key, newToken, remove, sendAll };
})();
