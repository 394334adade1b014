// Draws a code as QR version 5-M in alphanumeric mode: 37 modules, black on white, quiet zone 4.

import { correction, generate, mode } from "../vendor/lean-qr-2.7.4.js";

const VERSION = 5;
const QUIET = 4;

export function modules(text) {
  return generate(mode.alphaNumeric(text), {
    minVersion: VERSION,
    maxVersion: VERSION,
    minCorrectionLevel: correction.M,
    maxCorrectionLevel: correction.M,
  });
}

/** Fill a canvas, as wide as its parent allows, with whole device pixels a module. */
export function draw(canvas, text) {
  const code = modules(text);
  const side = code.size + 2 * QUIET;
  const ratio = globalThis.devicePixelRatio || 1;
  const room = canvas.parentElement.getBoundingClientRect().width * ratio;
  const scale = Math.max(4, Math.floor(room / side));
  if (canvas.width !== side * scale) {
    canvas.width = canvas.height = side * scale;
    canvas.style.width = canvas.style.height = `${(side * scale) / ratio}px`;
  }
  const paint = canvas.getContext("2d");
  paint.fillStyle = "#fff";
  paint.fillRect(0, 0, canvas.width, canvas.height);
  paint.fillStyle = "#000";
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) {
      if (code.get(x, y)) paint.fillRect((x + QUIET) * scale, (y + QUIET) * scale, scale, scale);
    }
  }
}
