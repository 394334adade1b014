// A page without a stream: only its ages go on.
import { startAges } from "./age.js";

startAges();
