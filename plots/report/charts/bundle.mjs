// Bundles the charting library into ../assets: charts.js, and the licences of
// every package that is in it. Run it with: npm ci && node bundle.mjs
import { buildSync } from "esbuild";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const made = buildSync({
  entryPoints: ["entry.js"], bundle: true, minify: true, format: "iife", globalName: "Plot",
  charset: "ascii", legalComments: "none", metafile: true, write: false, outfile: "charts.js",
});
writeFileSync("../assets/charts.js", made.outputFiles[0].text);

const packages = new Set();
for (const [path, part] of Object.entries(Object.values(made.metafile.outputs)[0].inputs)) {
  const name = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1];
  if (name && part.bytesInOutput > 0) packages.add(name);
}
const byText = new Map(); // packages under the same text share it
for (const name of [...packages].sort()) {
  const folder = `node_modules/${name}/`;
  const { version, license } = JSON.parse(readFileSync(folder + "package.json"));
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map((f) => folder + f).find(existsSync);
  if (!file) throw new Error(`${name} has no licence file`);
  const text = readFileSync(file, "utf8").trim();
  byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
}
const out = [...byText].map(([text, names]) => names.join(", ") + "\n\n" + text).join("\n\n" + "-".repeat(72) + "\n\n");
writeFileSync("../assets/charts.LICENSES.txt", out + "\n");
