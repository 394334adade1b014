// Streets under the marks, from the operator's file or tiles; loaded only when asked for.

let built = null;

function load(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => failed(new Error(address));
    document.head.append(script);
  });
}

function addMarks(map, rows) {
  for (const row of rows) {
    const [latitude, longitude] = row.dataset.place.split(" ").map(Number);
    const box = document.createElement("div");
    box.append(row.querySelector("svg").cloneNode(true));
    const tone = row.querySelector("[class^=tone-]").className;
    const icon = window.L.divIcon({ className: `street-mark ${tone}`, html: box, iconSize: [24, 24] });
    const title = row.querySelector(".map-title").textContent;
    window.L.marker([latitude, longitude], { icon, title, keyboard: false })
      .on("click", () => location.assign(row.href))
      .addTo(map);
  }
}

/** Build the map once; afterwards it is only shown again. */
export async function showStreets(place, rows) {
  if (built) return;
  const { address, kind, leaflet, protomaps } = place.dataset;
  await load(leaflet);
  place.hidden = false;
  built = window.L.map(place, { attributionControl: true, zoomAnimation: false }).setView([-0.03, 109.33], 13);
  built.attributionControl.setPrefix(false);
  if (kind === "pmtiles") {
    await load(protomaps);
    const flavor = document.documentElement.dataset.theme === "light" ? "light" : "dark";
    window.protomapsL.leafletLayer({ url: address, flavor, lang: "id" }).addTo(built);
  } else {
    window.L.tileLayer(address, { maxZoom: 19, attribution: "© OpenStreetMap" }).addTo(built);
  }
  addMarks(built, rows);
}
