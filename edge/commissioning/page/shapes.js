// What can be drawn over a still: kinds of shapes, how they come from settings and go back there.
// Knows no screen; texts come in as `words`.

export const KINDS = ["lines", "zones", "gauges", "ground", "masks", "privacy_masks"];
const NAMES = { lines: "garis", zones: "zona", gauges: "papan" };
const CORNERS = { lines: 2, gauges: 4, ground: 4 };
const LANE_M = [[0, 0], [3.5, 0], [3.5, 10], [0, 10]];

const rounded = (point) => point.map((value) => Math.round(value * 10000) / 10000);

/** How many corners a shape of this kind has; undefined: three or more. */
export const corners = (kind) => CORNERS[kind];
export const hasName = (kind) => kind in NAMES;

/** Corners in the middle of the picture, for who draws by keyboard. */
export function startOf(kind) {
  if (kind === "lines") return [[0.3, 0.6], [0.7, 0.6]];
  if (kind === "gauges") return [[0.47, 0.3], [0.53, 0.3], [0.53, 0.7], [0.47, 0.7]];
  return [[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6]];
}

/** Return a new shape with the values it begins with; `taken` are ids that are in use. */
export function fresh(kind, points, taken, words) {
  const shape = { kind, points };
  if (hasName(kind)) {
    let number = 1;
    while (taken.has(`${NAMES[kind]}-${number}`)) number += 1;
    shape.id = `${NAMES[kind]}-${number}`;
  }
  if (kind === "lines") Object.assign(shape, { forward: words.forward, backward: words.backward, sizes: null });
  if (kind === "zones") Object.assign(shape, { purpose: "traffic", person_height: 0 });
  if (kind === "gauges") Object.assign(shape, { top_m: 1, bottom_m: 0 });
  if (kind === "ground") shape.metres = LANE_M.map((point) => [...point]);
  return shape;
}

/** Return the shapes of a view of the settings. */
export function shapesOf(view) {
  const copied = (points) => points.map((point) => [...point]);
  const shapes = [];
  for (const line of view.lines || []) shapes.push({ sizes: null, ...line, kind: "lines", points: copied(line.points) });
  for (const { polygon, ...zone } of view.zones || []) {
    shapes.push({ purpose: "traffic", person_height: 0, ...zone, kind: "zones", points: copied(polygon) });
  }
  for (const { corners: face, ...gauge } of view.gauges || []) shapes.push({ ...gauge, kind: "gauges", points: copied(face) });
  if (view.ground) {
    shapes.push({ kind: "ground", points: copied(view.ground.points), metres: copied(view.ground.metres) });
  }
  for (const kind of ["masks", "privacy_masks"]) {
    for (const points of view[kind] || []) shapes.push({ kind, points: copied(points) });
  }
  return shapes;
}

/** Return the keys of a view that these shapes are. */
export function viewOf(shapes) {
  const of = (kind) => shapes.filter((shape) => shape.kind === kind);
  const drawn = (shape) => shape.points.map(rounded);
  const [ground] = of("ground");
  return {
    lines: of("lines").map((line) => ({
      id: line.id, points: drawn(line), forward: line.forward, backward: line.backward,
      ...(line.sizes ? { sizes: line.sizes } : {}),
    })),
    zones: of("zones").map((zone) => ({
      id: zone.id, polygon: drawn(zone), purpose: zone.purpose,
      ...(zone.purpose === "crowd" ? { person_height: Math.round(zone.person_height * 10000) / 10000 } : {}),
    })),
    gauges: of("gauges").map((gauge) => ({
      id: gauge.id, corners: drawn(gauge), top_m: gauge.top_m, bottom_m: gauge.bottom_m,
    })),
    ...(ground ? { ground: { points: drawn(ground), metres: ground.metres } } : {}),
    masks: of("masks").map(drawn),
    privacy_masks: of("privacy_masks").map(drawn),
  };
}

/** Where a person of the given height would stand in a zone: left, top, width, height of the box. */
export function personBox(zone) {
  const [x, y] = [0, 1].map((axis) => zone.points.reduce((sum, point) => sum + point[axis], 0) / zone.points.length);
  const tall = zone.person_height || 0.15;
  return { foot: [x, Math.min(1, y + tall / 2)], tall };
}

/** Propose where cars and heavy vehicles begin: the two widest gaps between the sizes that were seen. */
export function proposedSizes(seen) {
  if (seen.length < 6) return null;
  const gaps = seen.slice(1).map((size, place) => ({ ratio: size / seen[place], limit: Math.sqrt(size * seen[place]) }));
  const widest = gaps.sort((a, b) => b.ratio - a.ratio).slice(0, 2).map(({ limit }) => Math.round(limit * 1000) / 1000);
  widest.sort((a, b) => a - b);
  return widest[0] < widest[1] ? widest : null;
}

/** Return what is wrong with a view, in words with the name of the shape and the remedy. */
export function problemsOf(view, words) {
  const found = [];
  const say = (text, id) => found.push(text.replace("{}", id));
  for (const kind of ["lines", "zones", "gauges"]) {
    const ids = (view[kind] || []).map(({ id }) => id);
    for (const id of new Set(ids.filter((one, place) => !one || ids.indexOf(one) !== place))) say(words.bad_name, id);
  }
  for (const { id, sizes } of view.lines || []) if (sizes && !(sizes[0] > 0 && sizes[0] < sizes[1])) say(words.bad_sizes, id);
  for (const { id, purpose, person_height: tall } of view.zones || []) {
    if (purpose === "crowd" && !(tall > 0)) say(words.bad_person, id);
  }
  for (const { id, top_m: top, bottom_m: bottom } of view.gauges || []) if (!(top > bottom)) say(words.bad_gauge, id);
  if (view.ground && !(spans(view.ground.points) && spans(view.ground.metres))) say(words.bad_ground, "");
  return found;
}

function spans(points) {
  const turn = ([a, b], [c, d], [e, f]) => (c - a) * (f - b) - (d - b) * (e - a);
  const [p, q, r, s] = points;
  return [[p, q, r], [p, q, s], [p, r, s], [q, r, s]].every((three) => Math.abs(turn(...three)) > 1e-6);
}
