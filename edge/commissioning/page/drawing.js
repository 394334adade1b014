// Lines and polygons drawn over a still with mouse, finger or keyboard.
// One file for the hub's page and the page at the site; texts come in as `words`. No framework.

const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.01;
const BIG_STEP = 0.05;
const TAP = 0.025;
const KINDS = ["lines", "masks", "privacy_masks"];

const clamp = (value) => Math.min(1, Math.max(0, value));
const rounded = (point) => point.map((value) => Math.round(value * 10000) / 10000);
const far = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

function element(name, attributes = {}, children = []) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class Drawing {
  /**
   * @param svg the element over the still, of the same size
   * @param words texts: point, lines, masks, privacy_masks
   * @param onChange called after each change; with the field if something was typed in the list
   * @param onSelect called when another shape is selected
   */
  constructor({ svg, words, onChange, onSelect }) {
    Object.assign(this, { svg, words, onChange, onSelect, shapes: [], selected: null, draft: null });
    svg.addEventListener("pointerdown", (event) => this.press(event));
    svg.addEventListener("pointermove", (event) => this.drag(event));
    svg.addEventListener("pointerup", (event) => this.release(event));
    new ResizeObserver(() => this.draw()).observe(svg);
  }

  load(settings) {
    this.shapes = [];
    for (const line of settings.lines || []) this.shapes.push({ kind: "lines", ...line });
    for (const kind of KINDS.slice(1)) {
      for (const points of settings[kind] || []) this.shapes.push({ kind, points });
    }
    for (const shape of this.shapes) shape.points = shape.points.map((point) => [...point]);
    this.selected = null;
    this.draw();
  }

  value() {
    const of = (kind) => this.shapes.filter((shape) => shape.kind === kind);
    return {
      lines: of("lines").map(({ id, points, forward, backward }) => ({
        id, points: points.map(rounded), forward, backward })),
      masks: of("masks").map(({ points }) => points.map(rounded)),
      privacy_masks: of("privacy_masks").map(({ points }) => points.map(rounded)),
    };
  }

  /** Begin a new shape: by hand in the picture, or in its middle for the keyboard. */
  add(kind, isByKeyboard) {
    this.cancel();
    if (!isByKeyboard) {
      this.draft = { kind, points: [] };
      this.svg.classList.add("is-drawing");
      return;
    }
    const points = kind === "lines" ? [[0.3, 0.6], [0.7, 0.6]]
      : [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6]];
    this.finish({ kind, points });
    this.svg.querySelector(".handle")?.focus();
  }

  finish(shape) {
    if (shape.kind === "lines") {
      const taken = new Set(this.shapes.map(({ id }) => id));
      let number = 1;
      while (taken.has(`garis-${number}`)) number += 1;
      Object.assign(shape, { id: `garis-${number}`, forward: this.words.forward, backward: this.words.backward });
    }
    this.draft = null;
    this.svg.classList.remove("is-drawing");
    this.shapes.push(shape);
    this.selected = shape;
    this.draw();
    this.onChange();
  }

  /** End a polygon with the corners it has; with too few of them it is dropped. */
  close() {
    if (this.draft && this.draft.kind !== "lines" && this.draft.points.length >= 3) {
      const { kind, points } = this.draft;
      this.finish({ kind, points });
    } else this.cancel();
  }

  cancel() {
    this.draft = null;
    this.svg.classList.remove("is-drawing");
    this.draw();
  }

  remove(shape) {
    this.shapes = this.shapes.filter((other) => other !== shape);
    if (this.selected === shape) this.selected = null;
    this.draw();
    this.onChange();
  }

  turn(shape) {
    shape.points.reverse();
    this.draw();
    this.onChange();
  }

  select(shape) {
    this.selected = shape;
    this.draw();
    this.onSelect();
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    return [clamp((event.clientX - box.left) / box.width), clamp((event.clientY - box.top) / box.height)];
  }

  press(event) {
    const point = this.at(event);
    if (this.draft) {
      event.preventDefault();
      this.svg.setPointerCapture(event.pointerId);
      const { kind, points } = this.draft;
      if (kind !== "lines" && points.length >= 3 && far(points[0], point) < TAP) return void this.close();
      points.push(point);
      this.draft.end = kind === "lines" && points.length === 1 ? point : null;
      return void this.draw();
    }
    const handle = event.target.closest(".handle");
    const shape = this.shapes[Number(event.target.closest("[data-shape]")?.dataset.shape)];
    if (handle) {
      event.preventDefault();
      handle.focus();
      this.svg.setPointerCapture(event.pointerId);
      this.moved = { shape: this.selected, place: Number(handle.dataset.place) };
    } else if (shape) this.select(shape);
  }

  drag(event) {
    if (this.draft?.end) {
      this.draft.end = this.at(event);
      this.draw();
    } else if (this.moved) {
      this.moved.shape.points[this.moved.place] = this.at(event);
      this.draw();
    }
  }

  release() {
    if (this.draft?.kind === "lines") {
      const { points, end } = this.draft;
      // Drawn in one go, or the second of two taps.
      if (end && far(points[0], end) > TAP) this.finish({ kind: "lines", points: [points[0], end] });
      else if (points.length === 2) {
        if (far(...points) > TAP) this.finish({ kind: "lines", points });
        else points.pop();
      }
      if (this.draft) this.draft.end = null;
    } else if (this.moved) {
      this.moved = null;
      this.onChange();
    }
  }

  key(event, place) {
    const step = event.shiftKey ? BIG_STEP : STEP;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    const { points, kind } = this.selected;
    if (move) points[place] = [clamp(points[place][0] + move[0]), clamp(points[place][1] + move[1])];
    else if (event.key === "Delete" && kind !== "lines" && points.length > 3) points.splice(place, 1);
    else return;
    event.preventDefault();
    this.draw();
    this.svg.querySelector(`.handle[data-place="${Math.min(place, points.length - 1)}"]`)?.focus();
    this.onChange();
  }

  draw() {
    const { width, height } = this.svg.getBoundingClientRect();
    const focused = this.svg.contains(document.activeElement) ? document.activeElement.dataset.place : null;
    this.svg.setAttribute("viewBox", `0 0 ${width || 1} ${height || 1}`);
    const px = ([x, y]) => [x * width, y * height];
    this.svg.replaceChildren(
      ...this.shapes.map((shape, number) => this.shapeOf(shape, number, px)),
      ...(this.draft ? [this.draftOf(px)] : []),
      ...(this.selected && !this.draft ? this.handlesOf(px) : []),
    );
    if (focused !== null) this.svg.querySelector(`.handle[data-place="${focused}"]`)?.focus();
  }

  shapeOf(shape, number, px) {
    const group = element("g", { class: `shape shape-${shape.kind}`, "data-shape": number });
    if (shape === this.selected) group.classList.add("is-selected");
    const points = shape.points.map(px);
    if (shape.kind !== "lines") {
      group.append(element("polygon", { points: points.join(" ") }));
      return group;
    }
    const [[x1, y1], [x2, y2]] = points;
    const long = Math.hypot(x2 - x1, y2 - y1) || 1;
    // Forward is to the right of the line, seen from its first point; y points down here.
    const right = [-(y2 - y1) / long, (x2 - x1) / long];
    const middle = [(x1 + x2) / 2, (y1 + y2) / 2];
    const tip = [middle[0] + right[0] * 30, middle[1] + right[1] * 30];
    const barb = (side) => [tip[0] - right[0] * 9 + side * right[1] * 6, tip[1] - right[1] * 9 - side * right[0] * 6];
    const label = element("text", { x: tip[0] + right[0] * 14, y: tip[1] + right[1] * 14 + 4, "text-anchor": "middle" });
    label.textContent = shape.forward;
    const name = element("text", { x: x1, y: y1 - 12, class: "name" });
    name.textContent = shape.id;
    group.append(
      element("line", { x1, y1, x2, y2, class: "reach" }),
      element("line", { x1, y1, x2, y2 }),
      element("path", { d: `M${middle} L${tip} M${barb(1)} L${tip} L${barb(-1)}`, class: "arrow" }),
      label, name,
    );
    return group;
  }

  draftOf(px) {
    const points = [...this.draft.points, ...(this.draft.end ? [this.draft.end] : [])].map(px);
    return element("g", { class: "draft" }, [
      element("polyline", { points: points.join(" ") }),
      ...points.map(([cx, cy]) => element("circle", { cx, cy, r: 5 })),
    ]);
  }

  handlesOf(px) {
    return this.selected.points.map((point, place) => {
      const [cx, cy] = px(point);
      const percent = point.map((value) => `${Math.round(value * 100)} %`).join(", ");
      const handle = element("g", {
        class: "handle", tabindex: 0, role: "button", "data-place": place,
        "aria-label": `${this.words.point} ${place + 1}: ${percent}`,
      }, [element("circle", { cx, cy, r: 22, class: "reach" }), element("circle", { cx, cy, r: 7 })]);
      handle.addEventListener("keydown", (event) => this.key(event, place));
      return handle;
    });
  }
}

/** Fill `holder` with one entry a shape: names to type, and buttons to select, turn and remove. */
export function listShapes(drawing, holder, words) {
  const counts = { lines: 0, masks: 0, privacy_masks: 0 };
  holder.replaceChildren(...drawing.shapes.map((shape) => {
    counts[shape.kind] += 1;
    const title = `${words[shape.kind]} ${counts[shape.kind]}`;
    const entry = document.createElement("li");
    entry.classList.toggle("is-selected", shape === drawing.selected);
    entry.append(button(title, "shape-title", () => { drawing.select(shape); drawing.svg.querySelector(".handle")?.focus(); }));
    if (shape.kind === "lines") {
      for (const key of ["id", "forward", "backward"]) entry.append(named(drawing, shape, key, words, title));
      entry.append(button(words.turn, "shape-act", () => drawing.turn(shape), `${words.turn}: ${title}`));
    }
    entry.append(button(words.remove, "shape-act", () => drawing.remove(shape), `${words.remove}: ${title}`));
    return entry;
  }));
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

function named(drawing, shape, key, words, title) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  label.append(words[key], input);
  input.value = shape[key];
  input.maxLength = key === "id" ? 32 : 40;
  input.setAttribute("aria-label", `${words[key]}, ${title}`);
  input.addEventListener("input", () => {
    shape[key] = key === "id" ? input.value.toLowerCase().replace(/[^a-z0-9-]+/g, "-") : input.value;
    drawing.draw();
    drawing.onChange(input);
  });
  return label;
}
