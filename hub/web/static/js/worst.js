// The city's worst places: ages go on, also in what was just drawn anew.
import { refreshAges, startAges } from "./age.js";

startAges();
document.body.addEventListener("htmx:after:swap", () => refreshAges());
