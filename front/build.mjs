// Bundles the editor of the SPARQL page: `node build.mjs [FOLDER]`, after `npm ci`.

import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/**
 * Leaves out two parts of Yasqe, a seventh of the bundle: DOMPurify, of which a function is read and called nowhere,
 * and some 500 prefixes of other vocabularies, whose completion terms.js replaces.
 */
const withoutUnused = {
  name: "without-unused",
  setup(building) {
    building.onLoad({ filter: /yasqe\.esm\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text
        .replace(/\/\/#region node_modules\/dompurify\/[^]*?\bpurify = createDOMPurify\(\), /, "var ")
        .replace("var { sanitize } = purify;\n", "")
        .replace(/(?:\w+ = "[^"]*", ){400,}prefixes_default = \{[^}]*\}/, "prefixes_default = {}");
      if (/\bpurify\b|\bsanitize\(/.test(contents)) throw new Error("Yasqe uses DOMPurify in another way.");
      if (!contents.includes("prefixes_default = {}")) throw new Error("Yasqe has its prefixes elsewhere.");
      return { contents };
    });
  },
};
const folder = process.argv[2] ?? join(here, "../g60kg/web/static/bundle");

await build({
  absWorkingDir: here,
  entryPoints: ["editor.js", "editor.css"],
  outdir: folder,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome105", "firefox110", "safari16"],
  legalComments: "none",
  plugins: [withoutUnused],
  logLevel: "warning",
});

// What is handed on goes with the licences of those who wrote it.
const lock = JSON.parse(await readFile(join(here, "package-lock.json"), "utf8"));
const notices = [];
for (const [path, { dev, optional, version, license }] of Object.entries(lock.packages)) {
  // Code that is left out needs no licence.
  if (!path || dev || optional || path.endsWith("/dompurify")) continue;
  const name = path.replace(/^.*node_modules\//, "");
  const file = (await readdir(join(here, path))).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(join(here, path, file), "utf8") : "";
  notices.push(`${name} ${version} (${license})\n\n${text}`.trimEnd());
}
await writeFile(join(folder, "licences.txt"), notices.join(`\n\n${"-".repeat(72)}\n\n`) + "\n");
