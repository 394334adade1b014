// The stream that says that alarms changed; what they are is asked for by whoever shows them.

/** Call `changed` at each change, `beat` at each sign of life, `ended` when the session is over. */
export function followAlarms(address, { changed, beat = () => undefined, ended = () => undefined }) {
  let version = null;

  function listen() {
    const source = new EventSource(address);
    source.addEventListener("alarm", (event) => {
      const told = JSON.parse(event.data).version;
      beat();
      if (told !== version) changed();
      version = told;
    });
    source.addEventListener("ended", () => {
      source.close();
      ended();
    });
    // A refused stream is not tried again by the browser itself.
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
    });
  }

  listen();
}

/** Fetch a piece of a page; `null` when the hub did not give it. */
export async function fetchPiece(address) {
  const answer = await fetch(address, { redirect: "manual", headers: { "HX-Request": "true" } }).catch(() => null);
  return answer && answer.ok ? answer.text() : null;
}

// Acknowledged from a wall or a board, one stays there.
export function acknowledgeInPlace(panel, renew) {
  panel.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    if (answer) await renew();
    else panel.textContent = panel.dataset.textOld;
  });
}
