// The one script of the desk. In the page it is the desk; started by slow.js beside the page, it only makes and opens keys.

import "./style.css";
import "./rooms.css";
import { begin } from "./desk.js";
import { serveSlow } from "./slow.js";

if (typeof document === "undefined") serveSlow();
else begin(document.getElementById("app"));
