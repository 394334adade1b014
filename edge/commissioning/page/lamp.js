// The device's green LED, shown as it blinks, with its sentence.

const dot = document.getElementById("lampu");
const words = document.getElementById("lampu-arti");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

async function round() {
  const answer = await fetch("lamp");
  if (!answer.ok) throw new Error(answer.statusText);
  const { pattern, meaning, remedy, blinks } = await answer.json();
  const text = `Lampu: ${pattern}. Artinya: ${meaning}. ${remedy === "tidak ada" ? "" : `Yang dilakukan: ${remedy}.`}`;
  if (words.textContent !== text) words.textContent = text;
  for (const [isOn, milliseconds] of blinks) {
    dot.classList.toggle("is-on", Boolean(isOn) || still.matches);
    await pause(milliseconds);
  }
}

for (;;) {
  try {
    await round();
  } catch {
    words.textContent = "Lampu perangkat tidak terbaca.";
    await pause(5000);
  }
}
