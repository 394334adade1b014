// A board that nobody sits at asks for itself anew; while the hub is away what is shown stays.

const EVERY_MS = 60_000;

setInterval(async () => {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}, EVERY_MS);
