// Opens what a test of the Go programs hands over, and writes its referral form as the page saves it.
import { readFileSync } from "node:fs";
import { fromBase64 } from "../../seal/bytes.js";
import { openPackets, openThread } from "../../seal/index.js";
import { classify } from "../../kind.js";
import { session } from "../../state.js";
import { use } from "../../words.js";
import { formText, known, mayLeave } from "../referral.js";

const { files, secret, coordinator, code, words, values, now } = JSON.parse(readFileSync(0, "utf8"));
const opened = await openThread(await openPackets(files.map(fromBase64), secret), secret, coordinator, {});
session.place = { languages: [], values };
use(words);
const shown = { code, opened, about: classify(opened.body.answers) };
process.stdout.write(JSON.stringify({ leaves: mayLeave(opened), form: formText(shown, known(shown, new Date(now))) }));
