// The texts of a page, in the language it was drawn in, and the addresses it uses.

export function wordsOf(element) {
  return JSON.parse(element.dataset.words);
}

/** Return a text with its {places} filled in. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (_whole, name) => String(values[name]));
}

export function say(element, text, isBad = false) {
  element.textContent = text;
  element.hidden = !text;
  element.classList.toggle("is-bad", isBad);
}
