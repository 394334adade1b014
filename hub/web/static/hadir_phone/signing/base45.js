// Base45 (RFC 9285), the same as edge/wire/base45.py.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** Return bytes as text: three characters for two bytes, two for a last odd one. */
export function encode(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 2) {
    const isPair = place + 1 < bytes.length;
    let number = isPair ? bytes[place] * 256 + bytes[place + 1] : bytes[place];
    for (let count = isPair ? 3 : 2; count > 0; count -= 1) {
      text += ALPHABET[number % 45];
      number = Math.floor(number / 45);
    }
  }
  return text;
}
