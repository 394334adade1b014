// The views of a camera: its own, or one a preset of a camera that turns. One of them is being drawn.

import { problemsOf } from "./shapes.js";

const VIEW_KEYS = ["lines", "zones", "gauges", "ground", "masks", "privacy_masks"];
export const OWN = "";

export class Views {
  constructor(settings = {}) {
    this.load(settings);
  }

  load(settings) {
    this.settings = { ...settings, presets: (settings.presets || []).map((preset) => ({ ...preset })) };
    if (!this.ids.includes(this.current)) this.current = this.ids[0];
  }

  /** Ids of what can be drawn: a camera that turns is drawn in its presets only. */
  get ids() {
    return this.settings.presets.length ? this.settings.presets.map(({ id }) => id) : [OWN];
  }

  /** What is drawn in the view before the technician. */
  get view() {
    return this.preset || this.settings;
  }

  get preset() {
    return this.settings.presets.find(({ id }) => id === this.current);
  }

  /** Take over what was drawn in the current view. */
  keep(drawn) {
    const target = this.view;
    for (const key of VIEW_KEYS) delete target[key];
    Object.assign(target, drawn);
  }

  /** Names that are in use in the other views: records tell lines apart by their names alone. */
  get takenElsewhere() {
    const others = this.settings.presets.filter(({ id }) => id !== this.current);
    return others.flatMap((view) => ["lines", "zones", "gauges"].flatMap((key) => (view[key] || []).map(({ id }) => id)));
  }

  /** Draw at a preset of the camera from now on; the first takes over what was drawn so far. */
  add({ token, name }) {
    const base = (name || `preset-${token}`).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 28);
    let id = base || "preset";
    for (let number = 2; this.settings.presets.some((preset) => preset.id === id); number += 1) id = `${base}-${number}`;
    const preset = { id, token };
    if (!this.settings.presets.length) {
      for (const key of VIEW_KEYS) if (this.settings[key]) preset[key] = this.settings[key];
      for (const key of VIEW_KEYS) delete this.settings[key];
      Object.assign(this.settings, { lines: [], zones: [], gauges: [], masks: [], privacy_masks: [] });
    }
    this.settings.presets.push(preset);
    this.current = id;
  }

  remove(token) {
    this.settings.presets = this.settings.presets.filter((preset) => preset.token !== token);
    if (!this.ids.includes(this.current)) [this.current] = this.ids;
  }

  /** What is wrong in any view, in words. */
  problems(words) {
    const views = this.settings.presets.length ? this.settings.presets : [this.settings];
    return views.flatMap((view) => problemsOf(view, words).map((text) => (view.id ? `${view.id}: ${text}` : text)));
  }
}

/**
 * Fill `holder` with the presets of the camera: those that are drawn, and those that could be.
 * @param known presets as the camera told them: token, name, has_position
 * @param act called with what to do ("go", "add", "remove", "draw") and the preset
 */
export function listPresets(views, known, holder, words, act) {
  const drawn = views.settings.presets;
  const strangers = drawn.filter(({ token }) => !known.some((one) => one.token === token)).map(({ id, token }) => ({ token, name: id }));
  holder.replaceChildren(...[...known, ...strangers].map((preset) => {
    const mine = drawn.find(({ token }) => token === preset.token);
    const entry = document.createElement("li");
    entry.classList.toggle("is-selected", Boolean(mine) && mine.id === views.current);
    const name = document.createElement("b");
    name.textContent = preset.name || preset.token;
    entry.append(name);
    const add = (what) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "shape-act", textContent: words[`preset_${what}`] });
      button.setAttribute("aria-label", `${words[`preset_${what}`]}: ${preset.name || preset.token}`);
      button.addEventListener("click", () => act(what, preset, mine));
      entry.append(button);
    };
    add("go");
    add(mine ? "draw" : "add");
    if (mine) add("remove");
    return entry;
  }));
}
