// Builds the pages of the desk into dist/app: one script and one style sheet with their hashes in their names, each beside
// its gzip, and index.html, which names them; and licences.txt, which names the packages of others that are in the script.
// What stands in dist beside app is committed; app is not.
//
// Beside them, in quick, the same pages for tests, in which a key is wrapped with little work. They differ by this number
// alone, are in no program, and nothing that a server sends can bring them about.
import { build } from "esbuild";
import { gzipSync, constants } from "node:zlib";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "dist", "app");
const quick = join(here, "quick");

const work = "export const wrapWork = 18;";
const little = {
  name: "little work",
  setup({ onLoad }) {
    onLoad({ filter: /seal[/\\]wrap\.js$/ }, ({ path }) => {
      const source = readFileSync(path, "utf8");
      if (!source.includes(work)) throw new Error(`${path} has no line ${work}`);
      return { contents: source.replace(work, "export const wrapWork = 10;") };
    });
  },
};

const done = await bundle(out, []);
await bundle(quick, [little]);

async function bundle(out, plugins) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });

  const done = await build({
    absWorkingDir: here,
    plugins,
    entryPoints: { desk: "src/main.js" },
    outdir: out,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    bundle: true,
    format: "esm",
    target: ["es2022", "chrome100", "firefox102", "safari15.4"],
    minify: true,
    legalComments: "none",
    metafile: true,
    write: true,
    logLevel: "warning",
  });

  const made = Object.entries(done.metafile.outputs).map(([path, o]) => ({ name: basename(path), of: o.entryPoint ?? "" }));
  const script = made.find((m) => m.name.endsWith(".js") && m.of === "src/main.js").name;
  const style = made.find((m) => m.name.endsWith(".css")).name;

  const page = readFileSync(join(here, "src", "index.html"), "utf8")
    .replace("{{style}}", `/app/${style}`)
    .replace("{{script}}", `/app/${script}`);
  writeFileSync(join(out, "index.html"), page);

  for (const name of [...made.map((m) => m.name), "index.html"]) {
    const bytes = readFileSync(join(out, name));
    writeFileSync(join(out, name + ".gz"), gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
  }
  return done;
}

// What shaking leaves of a package is what the metafile counts bytes of. Its licence asks that its text goes along.
const inside = Object.values(done.metafile.outputs).flatMap((o) => Object.entries(o.inputs)).filter(([, i]) => i.bytesInOutput > 0);
const packages = [...new Set(inside.map(([path]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean))].sort();
const listed = packages.map((name) => {
  const dir = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(dir, "package.json"), "utf8"));
  const text = readdirSync(dir).find((f) => /^licen[cs]e/i.test(f));
  if (!license || !text) throw new Error(`${name} ${version} says nothing about its licence: look it up, or leave the package out`);
  return { line: `${name} ${version} ${license}`, text: readFileSync(join(dir, text), "utf8").trim() };
});
writeFileSync(join(out, "licences.txt"), [...listed.map((l) => l.line), ...listed.map((l) => `\n--- ${l.line}\n\n${l.text}`)].join("\n") + "\n");
