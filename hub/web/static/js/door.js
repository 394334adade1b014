// Keeps the tile at a room's door fresh; when the hub does not answer, the page stays as it is.
setInterval(async () => {
  try {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
    if (answer.ok) location.reload();
  } catch {
    document.body.classList.add("is-old");
  }
}, 60_000);
