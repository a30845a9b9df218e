// What a report is about and how urgent it is, read from its answers as the program reads them when it is filed. The inbox
// says the same by the server's word; here it is needed for a file that came without the server.

const filed = { report: "sea", support: "support", child: "child", remedy: "remedy", participate: "participation", feedback: "feedback" };
const own = new Set(["support", "child", "remedy", "participation", "feedback"]);
const forces = new Set(["police", "military", "civil_defence"]);
const sexual = ["sex_for_aid", "sexual_assault", "harassment", "relationship"];
const matters = { force: "force", favours: "fraud", retaliation: "retaliation", other: "other" };

/**
 * The flow in which a report was told: of those that file one, the flow that most of its answers were given in, the later of
 * two. An answer that was given before, on the way there, keeps the name of the flow in which it was asked.
 */
export function filedIn(answers) {
  const count = { "": 0 };
  let found = "";
  for (const { flow } of answers) {
    if (!Object.hasOwn(filed, flow)) continue;
    count[flow] = (count[flow] ?? 0) + 1;
    if (count[flow] >= count[found]) found = flow;
  }
  return found;
}

/**
 * @param {{flow: string, step: string, values: string[], skipped: boolean}[]} answers
 * @returns {{kind: string, urgency: "urgent"|"normal", area: string}}
 */
export function classify(answers) {
  const all = (step) => answers.findLast((a) => a.step === step && !a.skipped)?.values ?? []; // the last answer counts
  const get = (step) => all(step)[0] ?? "";
  const flow = filed[filedIn(answers)] ?? "";
  const isSexual = all("concern").some((c) => sexual.includes(c));
  const kind = kindOf(flow, get("matter"), isSexual, get("accused"));
  const child = get("age") === "under_18" || (kind === "child" && get("age") !== "adult");
  const bodily = ["sea", "trafficking", "support", "child"].includes(kind) || get("matter") === "sexual" || isSexual;
  const urgent = child || get("danger") === "yes" || (bodily && get("when") === "within_72h");
  const area = get("area");
  return { kind, urgency: urgent ? "urgent" : "normal", area: ["unknown", "none"].includes(area) ? "" : area };
}

function kindOf(flow, matter, isSexual, accused) {
  if (own.has(flow)) return flow;
  if (matter === "trafficking") return "trafficking";
  if (matter === "sexual" || (isSexual && matter !== "retaliation" && matter !== "force")) return "sea";
  if (matters[matter]) return matters[matter];
  if (forces.has(accused)) return "force";
  return flow || "other";
}
