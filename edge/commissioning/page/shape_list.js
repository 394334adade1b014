// The list of what was drawn: names and numbers to type, and buttons to select, turn and remove.

import { hasName, proposedSizes } from "./shapes.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Fill `holder` with one entry a shape.
 * @param seen sizes that were seen at each line, by its id, in rising order
 */
export function listShapes(drawing, holder, words, seen = {}) {
  const counts = {};
  holder.replaceChildren(...drawing.shapes.map((shape) => {
    counts[shape.kind] = (counts[shape.kind] || 0) + 1;
    // There is one ground at most.
    const title = shape.kind === "ground" ? words.ground : `${words[shape.kind]} ${counts[shape.kind]}`;
    return entryOf(drawing, shape, words, title, seen);
  }));
}

function entryOf(drawing, shape, words, title, seen) {
  const entry = document.createElement("li");
  entry.classList.toggle("is-selected", shape === drawing.selected);
  entry.append(button(title, "shape-title", () => {
    drawing.select(shape);
    drawing.svg.querySelector(".handle")?.focus();
  }));
  const field = (key, options = {}) => entry.append(fieldOf(drawing, shape, key, words[key], title, options));
  if (hasName(shape.kind)) field("id", { isName: true });
  if (shape.kind === "lines") {
    field("forward");
    field("backward");
    entry.append(sizesOf(drawing, shape, words, title, seen[shape.id] || []));
    entry.append(button(words.turn, "shape-act", () => drawing.turn(shape), `${words.turn}: ${title}`));
  }
  if (shape.kind === "zones") {
    entry.append(purposeOf(drawing, shape, words, title));
    if (shape.purpose === "crowd") field("person_height", { share: 100, step: 0.1, min: 0, max: 100 });
  }
  if (shape.kind === "gauges") for (const key of ["top_m", "bottom_m"]) field(key, { share: 1, step: 0.01, min: -100, max: 1000 });
  if (shape.kind === "ground") entry.append(metresOf(drawing, shape, words, title));
  entry.append(button(words.remove, "shape-act", () => drawing.remove(shape), `${words.remove}: ${title}`));
  return entry;
}

function button(text, className, onClick, label) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.className = className;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", onClick);
  return made;
}

function labelled(text, title, input) {
  const label = document.createElement("label");
  label.append(text, input);
  input.setAttribute("aria-label", `${text}, ${title}`);
  return label;
}

/** A number is shown `share` times as large as it is kept. */
function numberInput(value, { share = 1, step = 1, min, max }, onInput) {
  const input = document.createElement("input");
  Object.assign(input, { type: "number", step, inputMode: "decimal" });
  if (min !== undefined) Object.assign(input, { min, max });
  input.value = value === null ? "" : Math.round(value * share * 1000) / 1000;
  input.addEventListener("input", () => onInput(input.value === "" ? null : Number(input.value) / share, input));
  return input;
}

function fieldOf(drawing, shape, key, text, title, { isName = false, ...number } = {}) {
  if (number.share) {
    return labelled(text, title, numberInput(shape[key], number, (value, input) => {
      shape[key] = value ?? 0;
      drawing.draw();
      drawing.onChange(input);
    }));
  }
  const input = document.createElement("input");
  input.value = shape[key];
  input.maxLength = isName ? 32 : 40;
  input.addEventListener("input", () => {
    shape[key] = isName ? input.value.toLowerCase().replace(/[^a-z0-9-]+/g, "-") : input.value;
    drawing.draw();
    drawing.onChange(input);
  });
  return labelled(text, title, input);
}

function purposeOf(drawing, shape, words, title) {
  const choice = document.createElement("select");
  for (const purpose of ["traffic", "crowd"]) choice.append(new Option(words[purpose], purpose, false, purpose === shape.purpose));
  choice.addEventListener("change", () => {
    shape.purpose = choice.value;
    if (shape.purpose === "crowd" && !shape.person_height) shape.person_height = 0.15;
    drawing.select(shape);
    drawing.onChange();
  });
  return labelled(words.purpose, title, choice);
}

function metresOf(drawing, shape, words, title) {
  const table = document.createElement("div");
  table.className = "metres";
  shape.metres.forEach((metre, place) => {
    for (const axis of [0, 1]) {
      const text = `${words.point} ${place + 1} ${axis ? words.metres_along : words.metres_across}`;
      table.append(labelled(text, title, numberInput(metre[axis], { step: 0.1, min: -10000, max: 10000 }, (value, input) => {
        metre[axis] = value ?? 0;
        drawing.onChange(input);
      })));
    }
  });
  return table;
}

/** Where cars and heavy vehicles begin, over the sizes that were seen while counting together. */
function sizesOf(drawing, line, words, title, seen) {
  const holder = document.createElement("details");
  holder.className = "sizes";
  holder.open = Boolean(line.sizes) || seen.length > 0;
  const summary = document.createElement("summary");
  summary.textContent = words.sizes;
  const body = document.createElement("div");
  body.className = "metres";
  holder.append(summary, body);
  const limits = line.sizes ? [...line.sizes] : [null, null];
  let chart = stripOf(seen, limits);
  for (const [place, key] of ["car_from", "heavy_from"].entries()) {
    body.append(labelled(words[key], title, numberInput(limits[place], { share: 100, step: 0.1, min: 0, max: 100 }, (value, input) => {
      limits[place] = value;
      line.sizes = limits.every((limit) => limit === null) ? null : limits.map((limit) => limit ?? 0);
      const next = stripOf(seen, limits);
      chart.replaceWith(next);
      chart = next;
      drawing.onChange(input);
    })));
  }
  body.append(seen.length ? chart : hint(words.sizes_how));
  const proposed = proposedSizes(seen);
  if (proposed) {
    body.append(button(words.propose, "shape-act", () => {
      line.sizes = proposed;
      drawing.onChange();
    }, `${words.propose}: ${title}`));
  }
  return holder;
}

function hint(text) {
  const made = document.createElement("p");
  made.className = "hint";
  made.textContent = text;
  return made;
}

function stripOf(seen, limits) {
  const strip = document.createElementNS(SVG, "svg");
  const most = Math.max(...seen, ...limits.map((limit) => limit ?? 0), 0.01) * 1.1;
  strip.setAttribute("viewBox", "0 0 100 12");
  strip.setAttribute("class", "strip");
  strip.setAttribute("aria-hidden", "true");
  const add = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    strip.append(made);
  };
  for (const size of seen) add("circle", { cx: 100 * size / most, cy: 6, r: 1.6 });
  for (const limit of limits) if (limit) add("line", { x1: 100 * limit / most, x2: 100 * limit / most, y1: 0, y2: 12 });
  return strip;
}
