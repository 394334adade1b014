// The screen at a door. Draws what the agent says and sends back what is touched; keeps nothing.
const door = location.pathname.split("/")[1];
const $ = (id) => document.getElementById(id);

const SIGNS = {
  good: "M4 13l5 5L20 6", // a tick
  known: "M3 13l4 4L15 7M11 15l2 2L21 7", // two ticks
  no: "M12 3l10 18H2zM12 10v5M12 18v.1", // a triangle that warns
  ask: "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 17v.1", // a question
  hint: "M7 3h10v18H7zM11 18h2M2 12h3M19 12h3", // a phone that moves
  calm: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 14h2v2h-2zM14 18h2v2h-2zM18 18h2v2h-2z", // a code
  lost: "M3 9a14 14 0 0 1 18 0M6 12.5a9 9 0 0 1 12 0M9 16a5 5 0 0 1 6 0M12 19v.1M3 3l18 18", // no waves
};
const SILENT_AFTER_MS = 6000;
const IDLE = "Tunjukkan kode Hadir ke kamera";
const ASK_PIN = "Kartu: masukkan PIN";
const NO_CAMERA = "Kamera pintu sedang disiapkan.";

let aheadMs = 0; // the agent's clock minus ours
let isClockKnown = false;
let shownNumber = null; // of the newest notice seen
let noticeTimer = 0;
let heardAtMs = 0;
let picture = null;
let digits = "";

function say({ tone, text, name = "", initials = "", action = "", code = "" }) {
  document.body.dataset.tone = tone;
  $("sign").setAttribute("d", SIGNS[tone]);
  $("initials").textContent = initials;
  $("action").textContent = action;
  $("name").textContent = name;
  $("words").textContent = text;
  $("code").textContent = code;
}

function rest() {
  clearTimeout(noticeTimer);
  noticeTimer = 0;
  if (picture === null) return;
  if (picture.is_asking_pin) return say({ tone: "ask", text: ASK_PIN });
  if (picture.is_attended) return say({ tone: "calm", text: IDLE });
  say({ tone: "lost", text: picture.code ? `${NO_CAMERA} Pindai kode di layar ini dengan ponsel.` : `${NO_CAMERA} Tunggu sebentar.` });
}

function announce(notice) {
  const isGreeting = notice.action !== "";
  say({
    tone: notice.tone,
    text: isGreeting ? notice.note : notice.text,
    name: notice.name, initials: notice.initials, action: notice.action,
    code: isGreeting ? "" : notice.code,
  });
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(rest, notice.lasts_s * 1000);
}

function draw(next) {
  const isFirst = picture === null;
  const before = picture;
  picture = next;
  heardAtMs = Date.now();
  aheadMs = next.now_ms - heardAtMs;
  isClockKnown = next.is_clock_known;
  const number = next.notice === null ? shownNumber : next.notice.number;
  if (next.notice !== null && number !== shownNumber && !isFirst) announce(next.notice);
  else if (noticeTimer === 0) rest();
  shownNumber = number;
  if (before === null || before.code?.path !== next.code?.path) drawCode(next.code);
  $("figures").hidden = next.challenge === "" || next.is_asking_pin;
  $("challenge").textContent = next.challenge;
  document.body.toggleAttribute("data-figures", next.challenge !== "");
  showPad(next.is_asking_pin, next.has_witness);
  $("workplace").hidden = next.code === null || next.is_asking_pin;
  drawFooters(next.footers);
  tick();
}

function drawCode(code) {
  if (code === null) return;
  $("qr").setAttribute("viewBox", `0 0 ${code.size} ${code.size}`);
  $("paper").setAttribute("width", code.size);
  $("paper").setAttribute("height", code.size);
  $("modules").setAttribute("d", code.path);
}

function drawFooters(lines) {
  $("footers").replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
}

// --- clock ---------------------------------------------------------------------------------------

const WIB = { timeZone: "Asia/Pontianak", hourCycle: "h23" };
const timeText = new Intl.DateTimeFormat("id-ID", { ...WIB, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayText = new Intl.DateTimeFormat("id-ID", { ...WIB, weekday: "short", day: "numeric", month: "short", year: "numeric" });

function tick() {
  const at = new Date(Date.now() + aheadMs);
  $("clock").textContent = isClockKnown ? timeText.format(at).replaceAll(":", ".") : "--.--";
  $("day").textContent = isClockKnown ? dayText.format(at).replace(",", "") : "";
  if (heardAtMs && Date.now() - heardAtMs > SILENT_AFTER_MS) lose();
}

function lose() {
  if (noticeTimer === 0) say({ tone: "lost", text: "Menyambung kembali ke perangkat …" });
  // A code that nobody renews would only be refused.
  $("workplace").hidden = true;
  showPad(false, false);
}

// --- PIN -----------------------------------------------------------------------------------------

function showPad(isAsking, hasWitness) {
  if ($("pad").hidden === isAsking) forget();
  $("pad").hidden = !isAsking;
  $("witness").hidden = !hasWitness;
}

function forget() {
  digits = "";
  drawDots();
}

function drawDots() {
  $("dots").textContent = "●".repeat(digits.length).padEnd(4, "○");
  $("keys").querySelector(".done").disabled = digits.length < 4;
}

function press(key) {
  if ($("pad").hidden) return;
  if (key === "Backspace") digits = digits.slice(0, -1);
  else if (key === "Enter") return digits.length < 4 ? undefined : send("pin", { digits });
  else if (/^[0-9]$/.test(key) && digits.length < 6) digits += key;
  drawDots();
}

function send(what, body) {
  forget();
  fetch(`/${door}/${what}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })
    .catch(() => lose());
}

for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "Backspace", "0", "Enter"]) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.key = key;
  button.textContent = { Backspace: "⌫", Enter: "OK" }[key] ?? key;
  if (key === "Backspace") button.setAttribute("aria-label", "Hapus");
  if (key === "Enter") button.className = "done";
  button.addEventListener("click", () => press(key));
  $("keys").append(button);
}
addEventListener("keydown", (event) => {
  if ($("pad").hidden || !/^([0-9]|Backspace|Enter)$/.test(event.key)) return;
  event.preventDefault(); // or Enter would also press the key touched last
  press(event.key);
});
$("pad").addEventListener("submit", (event) => event.preventDefault());
$("witness").addEventListener("click", () => send("witness", { is_seen: true }));
forget();

// --- the agent -----------------------------------------------------------------------------------

function listen() {
  const events = new EventSource(`/${door}/events`);
  events.addEventListener("message", (event) => draw(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    // A browser gives up for good on some answers of a server that is just starting.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
}
listen();
setInterval(tick, 250);
