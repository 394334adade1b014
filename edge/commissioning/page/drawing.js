// Lines, zones, gauges and masks drawn over a still with mouse, finger or keyboard.
// One file for the hub's page and the page at the site; texts come in as `words`. No framework.

import { corners, fresh, personBox, shapesOf, startOf, viewOf } from "./shapes.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.01;
const BIG_STEP = 0.05;
const TAP = 0.025;
const PERSON = "person";

const clamp = (value) => Math.min(1, Math.max(0, value));
const far = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

function element(name, attributes = {}, children = []) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function text(words, attributes) {
  const made = element("text", attributes);
  made.textContent = words;
  return made;
}

export class Drawing {
  /**
   * @param svg the element over the still, of the same size
   * @param words texts: point, person, forward, backward
   * @param onChange called after each change; with the field if something was typed in the list
   * @param onSelect called when another shape is selected
   * @param taken gives the ids that are in use in other views
   */
  constructor({ svg, words, onChange, onSelect, taken = () => [] }) {
    Object.assign(this, { svg, words, onChange, onSelect, taken, shapes: [], selected: null, draft: null });
    svg.addEventListener("pointerdown", (event) => this.press(event));
    svg.addEventListener("pointermove", (event) => this.drag(event));
    svg.addEventListener("pointerup", (event) => this.release(event));
    new ResizeObserver(() => this.draw()).observe(svg);
  }

  load(view) {
    this.shapes = shapesOf(view);
    this.selected = null;
    this.cancel();
  }

  value() {
    return viewOf(this.shapes);
  }

  /** Begin a new shape: by hand in the picture, or in its middle for the keyboard. */
  add(kind, isByKeyboard) {
    this.cancel();
    if (kind === "ground") this.shapes = this.shapes.filter((shape) => shape.kind !== "ground");
    if (!isByKeyboard) {
      this.draft = { kind, points: [] };
      this.svg.classList.add("is-drawing");
      return;
    }
    this.finish(kind, startOf(kind));
    this.svg.querySelector(".handle")?.focus();
  }

  finish(kind, points) {
    const taken = new Set([...this.shapes.map(({ id }) => id), ...this.taken()]);
    const shape = fresh(kind, points, taken, this.words);
    this.draft = null;
    this.svg.classList.remove("is-drawing");
    this.shapes.push(shape);
    this.selected = shape;
    this.draw();
    this.onChange();
  }

  /** End a polygon with the corners it has; with too few of them it is dropped. */
  close() {
    const { draft } = this;
    if (draft && !corners(draft.kind) && draft.points.length >= 3) this.finish(draft.kind, draft.points);
    else this.cancel();
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
      if (!corners(kind) && points.length >= 3 && far(points[0], point) < TAP) return void this.close();
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
      this.moved = { shape: this.selected, place: handle.dataset.place };
    } else if (shape) this.select(shape);
  }

  drag(event) {
    if (this.draft?.end) {
      this.draft.end = this.at(event);
      this.draw();
    } else if (this.moved) {
      this.put(this.moved.shape, this.moved.place, this.at(event));
      this.draw();
    }
  }

  release() {
    const { draft } = this;
    if (draft?.kind === "lines") {
      const { points, end } = draft;
      // Drawn in one go, or the second of two taps.
      if (end && far(points[0], end) > TAP) this.finish("lines", [points[0], end]);
      else if (points.length === 2) {
        if (far(...points) > TAP) this.finish("lines", points);
        else points.pop();
      }
      if (this.draft) this.draft.end = null;
    } else if (draft && draft.points.length === corners(draft.kind)) {
      this.finish(draft.kind, draft.points);
    } else if (this.moved) {
      this.moved = null;
      this.onChange();
    }
  }

  /** Move a corner, or the head of the person a zone is measured by. */
  put(shape, place, point) {
    if (place !== PERSON) shape.points[Number(place)] = point;
    else shape.person_height = Math.max(0.02, Math.min(1, personBox(shape).foot[1] - point[1]));
  }

  key(event, place) {
    const step = event.shiftKey ? BIG_STEP : STEP;
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    const { points, kind } = this.selected;
    if (move && place === PERSON) this.selected.person_height = clamp(Math.max(0.02, personBox(this.selected).tall - move[1]));
    else if (move) points[place] = [clamp(points[place][0] + move[0]), clamp(points[place][1] + move[1])];
    else if (event.key === "Delete" && place !== PERSON && !corners(kind) && points.length > 3) points.splice(place, 1);
    else return;
    event.preventDefault();
    this.draw();
    const next = place === PERSON ? PERSON : Math.min(place, points.length - 1);
    this.svg.querySelector(`.handle[data-place="${next}"]`)?.focus();
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
    if (shape.kind === "lines") {
      group.append(...this.lineOf(shape, points));
      return group;
    }
    group.append(element("polygon", { points: points.join(" ") }));
    if (shape.kind === "gauges") {
      group.append(...this.gaugeOf(shape, points));
      return group;
    }
    if (shape.kind === "ground") group.append(...points.map(([x, y], place) => text(`${place + 1}`, { x: x + 8, y: y - 6 })));
    if (shape.id) group.append(text(shape.id, { x: Math.min(...points.map(([x]) => x)) + 4, y: Math.min(...points.map(([, y]) => y)) - 6, class: "name" }));
    if (shape.kind === "zones" && shape.purpose === "crowd") group.append(this.personOf(shape, px));
    return group;
  }

  lineOf(shape, [[x1, y1], [x2, y2]]) {
    const long = Math.hypot(x2 - x1, y2 - y1) || 1;
    // Forward is to the right of the line, seen from its first point; y points down here.
    const right = [-(y2 - y1) / long, (x2 - x1) / long];
    const middle = [(x1 + x2) / 2, (y1 + y2) / 2];
    const tip = [middle[0] + right[0] * 30, middle[1] + right[1] * 30];
    const barb = (side) => [tip[0] - right[0] * 9 + side * right[1] * 6, tip[1] - right[1] * 9 - side * right[0] * 6];
    return [
      element("line", { x1, y1, x2, y2, class: "reach" }),
      element("line", { x1, y1, x2, y2 }),
      element("path", { d: `M${middle} L${tip} M${barb(1)} L${tip} L${barb(-1)}`, class: "arrow" }),
      text(shape.forward, { x: tip[0] + right[0] * 14, y: tip[1] + right[1] * 14 + 4, "text-anchor": "middle" }),
      text(shape.id, { x: x1, y: y1 - 12, class: "name" }),
    ];
  }

  gaugeOf(shape, [[x1, y1], [x2, y2], right, left]) {
    // Readings stand beside the face, on the side that has room.
    const isFarRight = x2 > 0.85 * this.svg.getBoundingClientRect().width;
    const beside = (near, far) => (isFarRight ? { x: far[0] - 6, y: far[1] + 4, "text-anchor": "end" } : { x: near[0] + 6, y: near[1] + 4 });
    return [
      element("line", { x1, y1, x2, y2 }),
      text(`${shape.top_m} m`, beside([x2, y2 + 6], [x1, y1 + 6])),
      text(`${shape.bottom_m} m`, beside(right, left)),
      text(shape.id, { x: (x1 + x2) / 2, y: Math.min(y1, y2) - (isFarRight ? 14 : 10), class: "name", "text-anchor": isFarRight ? "end" : "middle" }),
    ];
  }

  personOf(zone, px) {
    const { foot, tall } = personBox(zone);
    const [x, bottom] = px(foot);
    const [, top] = px([foot[0], foot[1] - tall]);
    const wide = (bottom - top) * 0.36;
    return element("rect", { class: "person", x: x - wide / 2, y: top, width: wide, height: bottom - top, rx: 4 });
  }

  draftOf(px) {
    const points = [...this.draft.points, ...(this.draft.end ? [this.draft.end] : [])].map(px);
    return element("g", { class: "draft" }, [
      element("polyline", { points: points.join(" ") }),
      ...points.map(([cx, cy]) => element("circle", { cx, cy, r: 5 })),
    ]);
  }

  handlesOf(px) {
    const handles = this.selected.points.map((point, place) => {
      const percent = point.map((value) => `${Math.round(value * 100)} %`).join(", ");
      return this.handleOf(px(point), place, `${this.words.point} ${place + 1}: ${percent}`);
    });
    if (this.selected.kind === "zones" && this.selected.purpose === "crowd") {
      const { foot, tall } = personBox(this.selected);
      const words = `${this.words.person}: ${Math.round(tall * 100)} %`;
      handles.push(this.handleOf(px([foot[0], foot[1] - tall]), PERSON, words));
    }
    return handles;
  }

  handleOf([cx, cy], place, label) {
    const handle = element("g", { class: "handle", tabindex: 0, role: "button", "data-place": place, "aria-label": label }, [
      element("circle", { cx, cy, r: 22, class: "reach" }), element("circle", { cx, cy, r: 7 }),
    ]);
    handle.addEventListener("keydown", (event) => this.key(event, place));
    return handle;
  }
}
