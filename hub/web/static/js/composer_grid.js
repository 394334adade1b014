// Where tiles may stand: within twelve columns, none on top of another. Pure.

export const COLUMNS = 12;
const ROWS = 60;

const within = (value, low, high) => Math.min(high, Math.max(low, value));

/** Return a tile moved as little as needed to lie within the grid. */
export function kept(tile) {
  const w = within(tile.w, 1, COLUMNS);
  const h = within(tile.h, 1, COLUMNS);
  return { ...tile, w, h, x: within(tile.x, 1, COLUMNS - w + 1), y: within(tile.y, 1, ROWS) };
}

function overlap(one, other) {
  return one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;
}

/** Return all tiles with one where it was put; those in its way go down. */
export function settled(tiles, moved) {
  const done = [moved];
  const others = tiles.filter((tile) => tile.id !== moved.id).sort((one, other) => one.y - other.y || one.x - other.x);
  for (const tile of others) {
    let place = tile;
    for (let hit = done.find((one) => overlap(one, place)); hit; hit = done.find((one) => overlap(one, place))) {
      place = { ...place, y: hit.y + hit.h };
    }
    done.push(place);
  }
  return done;
}

/** Return the first row below all tiles. */
export function freeRow(tiles) {
  return Math.min(ROWS, 1 + Math.max(0, ...tiles.map((tile) => tile.y + tile.h - 1)));
}
